-- A column with one more element, wrapped as it was.
create or replace function history.appended(value jsonb, element jsonb) returns jsonb
language sql immutable parallel safe
return case jsonb_typeof(value)
    when 'array' then value || jsonb_build_array(element)
    else history.wrapped(value, history.list_of(value) || jsonb_build_array(element))
end;
