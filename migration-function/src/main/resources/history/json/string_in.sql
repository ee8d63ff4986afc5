-- A value as text if it is a string; null for everything else.
create or replace function history.string_in(value jsonb) returns text
language sql immutable parallel safe
return case jsonb_typeof(value) when 'string' then value #>> '{}' end;
