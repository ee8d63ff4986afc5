-- The messages in the array of a session, in order. An element that has a UUID keeps it. Called by claim_turn.
create or replace function history.said(c public.chat_sessions) returns history.message[]
language plpgsql stable set search_path = pg_catalog, pg_temp
as $$
begin
    return array(
        select row(coalesce(history.to_uuid(e.metadata #>> '{legacy,id}'), e.id), c.id, e.seq, e.role, e.content,
            history.with_parts(e.metadata - 'legacy', history.parts_of(e.metadata)), e.created_at, 'completed')::history.message
        from history.elements(history.list_of(c.messages), c.id, coalesce(c.created_at, c.updated_at, to_timestamp(0))) e
        where e.reason is null order by e.seq);
end $$;
