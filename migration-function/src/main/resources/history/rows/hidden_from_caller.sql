-- Whether a conversation exists and is the caller's, although the policies hide it: somebody has dropped one, or added a stricter one.
-- Runs as the owner, and answers only for the caller's own. Called by claim_turn and finish_turn, to explain why they found none.
create or replace function history.hidden_from_caller(conversation uuid) returns boolean
language plpgsql stable security definer set search_path = history_maintenance, pg_temp
as $$
declare
    tenant constant uuid := history.current_tenant();
    me constant uuid := history.user_id();
begin
    return exists (select from public.conversations o where o.tenant_id = tenant and o.user_id = me and o.id = conversation);
end $$;
