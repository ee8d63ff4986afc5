-- A message's metadata with its parts, as the API gives it out and an element of an array keeps it, where it does not tell them already.
-- parts: of a UIMessage, null where its text is all of it.
create or replace function history.with_parts(metadata jsonb, parts jsonb) returns jsonb
language sql immutable parallel safe
return case when parts is not distinct from history.parts_of(metadata) then metadata
    else metadata || jsonb_build_object('ui_parts', parts) end;
