-- A message's metadata with its parts, as the API gives it out and an element of an array keeps it. parts: of a UIMessage, null where its
-- text is all of it.
create or replace function history.with_parts(metadata jsonb, parts jsonb) returns jsonb
language sql immutable parallel safe
return case when parts is null then metadata else metadata || jsonb_build_object('ui_parts', parts) end;
