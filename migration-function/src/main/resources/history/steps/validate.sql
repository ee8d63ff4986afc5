-- Looks at every row without keeping anybody from writing. With forced policies an owner would see none, and mark valid
-- what is not: so this comes before FORCE, and the functions of this schema see everything.
create or replace function history.validate() returns void
language plpgsql set search_path = history_maintenance, pg_temp
as $$
declare
    waiting record;
begin
    for waiting in
        select c.conrelid::regclass as relation, c.conname from pg_catalog.pg_constraint c
        where not c.convalidated
            and c.conname in ('messages_conversation_fkey', 'quarantine_conversation_fkey', 'history_filled')
            and c.conrelid in ('public.messages'::regclass, 'history.quarantine'::regclass, 'public.conversations'::regclass)
    loop
        execute format('alter table %s validate constraint %I', waiting.relation, waiting.conname);
    end loop;
end $$;
