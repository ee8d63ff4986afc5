-- The uuid that a text spells, null when it spells none. A pattern instead of a caught error, which would be a savepoint.
create or replace function history.to_uuid(value text) returns uuid
language sql immutable parallel safe
return case when value ~ '^[0-9A-Fa-f]{8}-?([0-9A-Fa-f]{4}-?){3}[0-9A-Fa-f]{12}$' then value::uuid end;
