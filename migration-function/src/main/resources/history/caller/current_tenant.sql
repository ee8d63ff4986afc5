-- The tenant of a request. Raises PT403, which PostgREST turns into a 403.
create or replace function history.current_tenant() returns uuid
language plpgsql stable security definer set search_path = pg_catalog, pg_temp
as $$
declare
    caller uuid := history.user_id();
    chosen text := history.chosen_tenant();
    tenants uuid[];
begin
    tenants := array(select u.tenant_id from public.tenant_users u where u.user_id = caller);
    if history.to_uuid(chosen) = any (tenants) then
        return history.to_uuid(chosen);
    elsif chosen is null and cardinality(tenants) = 1 then
        return tenants[1];
    end if;
    raise exception using errcode = 'PT403', message = case
        when chosen is not null then 'You are not a member of this tenant.'
        when tenants = '{}' then 'You are not a member of any tenant.'
        else 'You are a member of several tenants, and the token does not choose one.' end;
end $$;
