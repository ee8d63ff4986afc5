-- Whether the message that a client names so was deleted, alone or with its conversation. Called where a list would store it again.
create or replace function history.was_deleted(conversation uuid, message_id text) returns boolean
language plpgsql stable set search_path = pg_catalog, pg_temp
as $$
begin
    return (history.is_deleted(history.derived_id('message', conversation || ' ' || message_id))
        or history.is_deleted(history.to_uuid(message_id))) is true;
end $$;
