-- The tenant of a request that changes something; raises PT403 if the tenant's status is not active. A team's table of tenants may have
-- no status, or leave it null. Called by the functions that create, change and delete. The policies do not check it, so the data API works as before.
create or replace function history.writing_tenant() returns uuid
language plpgsql stable security definer set search_path = pg_catalog, pg_temp
as $$
declare
    tenant constant uuid := history.current_tenant();
    state text;
begin
    select to_jsonb(t) ->> 'status' into state from public.tenants t where t.id = tenant;
    if state <> 'active' then
        raise exception using errcode = 'PT403',
            message = 'Your tenant is not active: its conversations can be read, and nothing can be changed.';
    end if;
    return tenant;
end $$;
