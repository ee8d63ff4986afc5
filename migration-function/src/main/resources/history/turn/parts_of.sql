-- The parts of a message, of its metadata: those that with_parts kept there, else those of the element that it was.
create or replace function history.parts_of(metadata jsonb) returns jsonb
language sql immutable parallel safe
return case
    when metadata ? 'ui_parts' then case when jsonb_typeof(metadata -> 'ui_parts') = 'array' then metadata -> 'ui_parts' end
    when metadata -> 'legacy' ? 'parts' then history.ui_parts(metadata -> 'legacy') end;
