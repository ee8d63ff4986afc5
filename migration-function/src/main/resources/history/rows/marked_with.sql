-- The row of an attempt: its own, else the answer that it continues, or the question that bears its mark, because it began in the arrays
-- edition; if that was edited since, its old text. Out: null columns if there is none. Called by store_piece, store_end and abandon_turn.
create or replace function history.marked_with(c public.conversations, attempt uuid) returns public.messages
language plpgsql stable set search_path = history_maintenance, pg_temp
as $$
declare
    m public.messages;
begin
    select x.* into m from public.messages x
    where x.tenant_id = c.tenant_id and x.conversation_id = c.id and x.id = attempt;
    if not found then
        select x.* into m from public.messages x
        where x.tenant_id = c.tenant_id and x.conversation_id = c.id and x.metadata #>> '{attempt,id}' = attempt::text
        order by x.seq desc limit 1;
    end if;
    return m;
end $$;
