-- The elements first to last of an array, without reading the others.
create or replace function history.slice(messages jsonb, first bigint, last bigint) returns jsonb
language sql immutable parallel safe
return jsonb_path_query_array(messages, '$[$a to $b]', jsonb_build_object('a', first - 1, 'b', last - 1));
