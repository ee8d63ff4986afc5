-- The keys of metadata in which the release before stores a turn.
create or replace function history.turn_keys() returns text[]
language sql immutable parallel safe
return array['status', 'attempt', 'reply_to', 'requests', 'client_id', 'previous', 'usage', 'model', 'ui_parts'];
