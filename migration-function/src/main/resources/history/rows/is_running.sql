-- Whether an answer is running after a place; null for no place. Called by take_turn, which has the lock.
create or replace function history.is_running(tenant uuid, conversation uuid, place bigint) returns boolean
language plpgsql stable set search_path = history_maintenance, pg_temp
as $$
begin
    return exists (
        select from public.messages m
        where m.tenant_id = tenant and m.conversation_id = conversation and m.lease_until > clock_timestamp() and m.seq > place);
end $$;
