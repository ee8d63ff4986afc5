-- Metadata as an object: {} in the place of anything else, which a service or the owner has written. Called by whatever shows a message or
-- adds to what it has.
create or replace function history.object_of(metadata jsonb) returns jsonb
language sql immutable parallel safe
return case jsonb_typeof(metadata) when 'object' then metadata else '{}' end;
