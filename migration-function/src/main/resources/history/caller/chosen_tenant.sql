-- The tenant the caller asks for, as text: app.tenant_id, else a claim. A setting that was once set locally reads '' afterwards,
-- not null.
create or replace function history.chosen_tenant() returns text
language plpgsql stable set search_path = pg_catalog, pg_temp
as $$
declare
    claims jsonb := history.claims();
begin
    return coalesce(
        nullif(current_setting('app.tenant_id', true), ''),
        nullif(claims ->> 'tenant_id', ''),
        nullif(claims -> 'app_metadata' ->> 'tenant_id', ''));
end $$;
