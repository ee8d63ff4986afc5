-- A row as the API shows it. An attempt whose lease has expired is not running, whatever the row says.
create or replace function history.shown_message(m public.messages) returns history.message
language plpgsql stable set search_path = pg_catalog, pg_temp
as $$
begin
    return row(m.id, m.conversation_id, m.seq, m.role, m.content,
        history.with_parts(history.object_of(m.metadata) - 'legacy', m.parts), m.created_at,
        case when m.status = 'running' and (m.lease_until > clock_timestamp()) is not true then 'incomplete' else m.status end)::history.message;
end $$;
