-- A column as an array: the array in it; empty for null; else the column itself as the only element.
create or replace function history.list_of(value jsonb) returns jsonb
language sql immutable parallel safe
return case coalesce(jsonb_typeof(value), 'null')
    when 'array' then value
    when 'null' then '[]'
    else coalesce(history.unwrapped(value), jsonb_build_array(value))
end;
