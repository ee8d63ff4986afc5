-- Raises PT503: rewriting an array could lose what others write to it. As in rows/.
create or replace function history.delete_message(id uuid, chat_id text, message_id text, versions bigint[], out outcome text)
language plpgsql set search_path = pg_catalog, pg_temp
as $$
begin
    perform history.writing_tenant(), history.migration_pending('deleting a message');
end $$;
