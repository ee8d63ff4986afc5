-- A row as the API shows it.
create or replace function history.shown_message(m public.messages) returns history.message
language plpgsql stable set search_path = pg_catalog, pg_temp
as $$
begin
    return (
        select row(m.id, m.conversation_id, m.seq, m.role, m.content,
            history.with_parts(history.object_of(m.metadata) - 'legacy', s.all_parts), m.created_at, s.state)::history.message
        from history.shown_state(m.status, m.content, m.parts, m.metadata, m.lease_until, clock_timestamp()) s);
end $$;
