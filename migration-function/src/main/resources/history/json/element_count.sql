-- How many elements the array of a column has; 0 where it holds none.
create or replace function history.element_count(value jsonb) returns integer
language sql immutable parallel safe
return case jsonb_typeof(value)
    when 'array' then jsonb_array_length(value)
    else coalesce(jsonb_array_length(history.unwrapped(value)), 0)
end;
