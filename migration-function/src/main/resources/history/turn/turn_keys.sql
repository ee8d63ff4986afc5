-- Where the release before keeps a turn in metadata.
create or replace function history.turn_keys() returns text[]
language sql immutable parallel safe
return array['status', 'attempt', 'reply_to', 'requests', 'client_id', 'previous', 'usage', 'model', 'ui_parts'];
