-- conversations, after insert of an array by the old application, when the conversation exists.
create or replace function history.array_stored() returns trigger
language plpgsql security definer set search_path = history_maintenance, pg_temp
as $$
begin
    perform history.put(new.tenant_id, new.id, new.user_id, new.created_at, new.messages, 0, null);
    return null;
end $$;
