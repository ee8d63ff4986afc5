-- A message's metadata with its parts, as the API shows it and an array keeps it. parts: null where its text is all of it.
create or replace function history.with_parts(metadata jsonb, parts jsonb) returns jsonb
language sql stable parallel safe
return case when parts is not distinct from history.parts_of(metadata) then metadata
    when parts is null then history.object_of(metadata) || '{"ui_parts": null}'
    else jsonb_set(history.object_of(metadata), '{ui_parts}', parts) end;
