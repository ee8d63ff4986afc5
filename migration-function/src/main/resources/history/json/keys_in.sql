-- The keys of the requests that made the messages in an array.
create or replace function history.keys_in(messages jsonb) returns setof text
language sql stable parallel safe
begin atomic
    select distinct k.key #>> '{}'
    from jsonb_path_query(history.list_of(messages), '$[*].metadata.requests ? (@.type() == "object").keyvalue().key') k(key);
end;
