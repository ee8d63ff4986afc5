-- The elements of a conversation as an array, rebuilt from its rows in their order; a column that held no array as it was; null
-- if there is nothing. Entries of the quarantine as they came, even if somebody has edited them since.
create or replace function history.rebuilt(conversation uuid) returns jsonb
language plpgsql stable set search_path = history_maintenance, pg_temp
as $$
begin
    return (
        select case
            when count(*) = 1 and bool_and(every.whole) then jsonb_agg(every.element) -> 0
            else jsonb_agg(every.element order by every.seq)
        end
        from (
            select m.seq, false as whole,
                history.element_of(
                    m.id, m.conversation_id, m.user_id, m.role, m.content, history.with_parts(m.metadata, m.parts), m.created_at) as element
            from public.conversations c
            join public.messages m on m.tenant_id = c.tenant_id and m.conversation_id = c.id and m.current
            where c.id = conversation
            union all
            select q."position", q.reason = 'not_an_array', coalesce(q.original, q.element)
            from public.conversations c
            join history.quarantine q on q.tenant_id = c.tenant_id and q.conversation_id = c.id
            where c.id = conversation
        ) every);
end $$;
