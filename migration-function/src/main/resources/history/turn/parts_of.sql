-- The parts of a message from its metadata: those that with_parts stored there, else those of its element.
create or replace function history.parts_of(metadata jsonb) returns jsonb
language sql immutable parallel safe
return case
    when metadata ? 'ui_parts' then case when jsonb_typeof(metadata -> 'ui_parts') = 'array' then metadata -> 'ui_parts' end
    when metadata -> 'legacy' ? 'parts' then history.ui_parts(metadata -> 'legacy') end;
