-- A message's row as JSON with other ids, its own and those of its question; names: {id: its new one}. Called by roll_back and
-- restore_replaced.
create or replace function history.with_names(message jsonb, names jsonb) returns jsonb
language sql immutable parallel safe
return message || jsonb_strip_nulls(jsonb_build_object('id', names -> (message ->> 'id'), 'reply_to', names -> (message ->> 'reply_to')))
    || jsonb_build_object('metadata', message -> 'metadata' || jsonb_strip_nulls(jsonb_build_object(
        'reply_to', names -> (message #>> '{metadata,reply_to}'), 'edit_of', names -> (message #>> '{metadata,edit_of}'))));
