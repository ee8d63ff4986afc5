-- Where conversations are arrays, lets chat_sessions refuse what has been erased: until something has been, it has no trigger of ours.
-- Locks it for a moment, unless it has that one. Called by forget_batch and roll_back.
create or replace function history.refuse_in_arrays() returns void
language plpgsql set search_path = history_maintenance, pg_temp
as $$
begin
    if (select s.phase from history.state s) = 'prepared'
        and not exists (select from pg_trigger t where t.tgrelid = to_regclass('public.chat_sessions') and t.tgname = 'history_6_erased')
    then
        execute format('create trigger history_6_erased after insert or update of id, tenant_id, user_id on public.chat_sessions for each row '
            'when (current_user <> %L::name or current_setting(''search_path'') <> ''history_maintenance, pg_temp'') '
            'execute function history.erased_refused()', history.owner());
    end if;
end $$;
