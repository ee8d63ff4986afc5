-- Where conversations are arrays, lets chat_sessions refuse what has been erased: until something has been, it has no trigger of ours.
-- Locks it for a moment, unless it has that one. Called by forget_batch and roll_back.
create or replace function history.refuse_in_arrays() returns void
language plpgsql set search_path = history_maintenance, pg_temp
as $$
begin
    if (select s.phase from history.state s) = 'prepared'
        and not exists (select from pg_trigger t where t.tgrelid = to_regclass('public.chat_sessions') and t.tgname = 'history_6_erased')
    then
        execute (
            select replace(w.definition, ' ON public.conversations ', ' ON public.chat_sessions ')
            from history.wanted_triggers('expanded') w where w.name = 'history_6_erased');
    end if;
end $$;
