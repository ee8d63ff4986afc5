-- The text as a uuid; null if it is none. Checks a pattern instead of catching an error, which would cost a savepoint.
create or replace function history.to_uuid(value text) returns uuid
language sql immutable parallel safe
return case when value ~ '^[0-9A-Fa-f]{8}-?([0-9A-Fa-f]{4}-?){3}[0-9A-Fa-f]{12}$' then value::uuid end;
