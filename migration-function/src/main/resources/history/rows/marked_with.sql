-- The question that bears the mark of an attempt which began in the arrays edition and has no row yet; if it was edited since, its old
-- text. Out: null columns if there is none. Called by store_piece and store_end, for an attempt without a row.
create or replace function history.marked_with(c public.conversations, attempt uuid) returns public.messages
language plpgsql stable set search_path = history_maintenance, pg_temp
as $$
declare
    q public.messages;
begin
    select m.* into q from public.messages m
    where m.tenant_id = c.tenant_id and m.conversation_id = c.id and m.role = 'user' and m.metadata #>> '{attempt,id}' = attempt::text
    limit 1;
    return q;
end $$;
