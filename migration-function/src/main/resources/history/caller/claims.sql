-- The claims of the caller's token, null when there are none. Whoever sets them to what is no JSON gets an error, and no row.
create or replace function history.claims() returns jsonb
language sql stable parallel safe
return nullif(current_setting('request.jwt.claims', true), '')::jsonb;
