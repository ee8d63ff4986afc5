-- Whether an element's metadata becomes the message's own: if it is an object that is not empty and has no member of ours.
create or replace function history.is_lifted(element jsonb) returns boolean
language sql immutable parallel safe
return coalesce(jsonb_typeof(element -> 'metadata') = 'object' and element -> 'metadata' <> '{}'
    and not element -> 'metadata' ? 'legacy' and not element ? 'history_absent', false);
