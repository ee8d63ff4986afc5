-- Whether a conversation exists and is the caller's, which it then locks: either somebody has created it since the caller looked, or the
-- policies hide it, because one was dropped or a stricter one added. Nobody can delete it now, so looking once more tells which. Runs as
-- the owner, and answers only for the caller's own. Called by claim_turn and finish_turn, which found none.
create or replace function history.hidden_from_caller(conversation uuid) returns boolean
language plpgsql security definer set search_path = history_maintenance, pg_temp
as $$
declare
    tenant constant uuid := history.current_tenant();
    me constant uuid := history.user_id();
begin
    perform from public.conversations o
    where o.tenant_id = tenant and o.user_id = me and o.id = conversation for no key update;
    return found;
end $$;
