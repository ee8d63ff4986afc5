-- Whether the caller's conversation or message of that id was deleted. Called where a key, a list or a late end would create it again.
create or replace function history.is_deleted(conversation uuid) returns boolean
language plpgsql stable strict security definer set search_path = history_maintenance, pg_temp
as $$
declare
    tenant constant uuid := history.current_tenant();
    me constant uuid := history.user_id();
begin
    return exists (
        select from history.deleted d where d.tenant_id = tenant and d.user_id = me and d.id = is_deleted.conversation);
end $$;
