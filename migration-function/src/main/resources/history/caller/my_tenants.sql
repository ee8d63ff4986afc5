-- For policies: the caller's tenants, narrowed to the chosen one. Never raises.
create or replace function history.my_tenants() returns setof uuid
language plpgsql stable security definer set search_path = pg_catalog, pg_temp
as $$
declare
    caller uuid := history.user_id();
    chosen text := history.chosen_tenant();
begin
    return query select u.tenant_id from public.tenant_users u
        where u.user_id = caller and (chosen is null or u.tenant_id = history.to_uuid(chosen));
end $$;
