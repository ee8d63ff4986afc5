-- A field of a message as text: its parts, or the metadata that a client may see, as JSON; otherwise its content. Called by get_message.
create or replace function history.field_of(field text, content text, metadata jsonb, parts jsonb) returns text
language sql immutable parallel safe
return case field when 'parts' then coalesce(parts, '[]')::text
    when 'metadata' then (case jsonb_typeof(metadata) when 'object' then metadata - (history.turn_keys() || 'legacy'::text)
        else metadata end)::text else content end;
