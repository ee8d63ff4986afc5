-- The claims of the caller's token, null when there are none. If they are set to something that is not JSON, every statement fails.
create or replace function history.claims() returns jsonb
language sql stable parallel safe
return nullif(current_setting('request.jwt.claims', true), '')::jsonb;
