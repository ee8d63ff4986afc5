-- Limited mode: before the migration the functions read and write chat_sessions as the caller. Not granted if no policy binds callers,
-- because the grant alone would show everybody's sessions to all of them.
do $$
declare
    sessions regclass := (
        select c.oid from pg_catalog.pg_class c where c.oid = to_regclass('public.chat_sessions') and c.relkind = 'r'
            and c.relrowsecurity);
begin
    if exists (select from unnest('{select,insert,update,delete}'::text[]) p where not has_table_privilege('authenticated', sessions, p)) then
        grant select, insert, update, delete on public.chat_sessions to authenticated;
    end if;
exception when insufficient_privilege then
    raise warning 'authenticated could not be granted access to chat_sessions: %', sqlerrm;
end $$;
