-- Volatile on purpose: it sees a conversation that the same statement has just made.
create or replace function history.owns_conversation(tenant uuid, conversation uuid) returns boolean
language plpgsql volatile security definer set search_path = history_maintenance, pg_temp
as $$
begin
    return exists (
        select from public.conversations c
        where c.tenant_id = tenant and c.id = conversation and c.user_id = history.user_id());
end $$;
