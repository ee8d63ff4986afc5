-- As in rows/; who rewrites an array may lose what others put there.
create or replace function history.delete_message(id uuid, chat_id text, message_id text, versions bigint[], out outcome text)
language plpgsql set search_path = pg_catalog, pg_temp
as $$
begin
    perform history.writing_tenant(), history.migration_pending('deleting a message');
end $$;
