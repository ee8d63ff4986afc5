-- A column as an array: the array in it; empty for null; else the column itself as the only element. Of nothing that is not immutable,
-- or each call would copy the array.
create or replace function history.list_of(value jsonb) returns jsonb
language sql immutable parallel safe
return case coalesce(jsonb_typeof(value), 'null')
    when 'array' then value
    when 'null' then '[]'
    else coalesce(history.unwrapped(value), '[]' || value)
end;
