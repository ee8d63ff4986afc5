-- The parts that with_parts kept in the metadata of an element.
create or replace function history.parts_of(metadata jsonb) returns jsonb
language sql immutable parallel safe
return case when jsonb_typeof(metadata -> 'ui_parts') = 'array' then metadata -> 'ui_parts' end;
