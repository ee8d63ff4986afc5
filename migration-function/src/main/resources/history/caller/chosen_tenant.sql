-- The tenant the caller asks for, as text: app.tenant_id, else a claim. A setting that was once set locally reads '', not null.
create or replace function history.chosen_tenant() returns text
language sql stable
return coalesce(nullif(current_setting('app.tenant_id', true), ''), nullif(history.claims() ->> 'tenant_id', ''),
    nullif(history.claims() -> 'app_metadata' ->> 'tenant_id', ''));
