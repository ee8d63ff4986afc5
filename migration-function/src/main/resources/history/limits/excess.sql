-- What is wrong with a client's metadata, as a message; null: nothing. It must be an object that every reader of a list can handle,
-- as it is stored and printed. The size is checked last, because the other limits bound the cost of printing.
create or replace function history.excess(metadata jsonb, most integer) returns text
language sql immutable strict
return case
    when jsonb_typeof(metadata) <> 'object' then 'metadata must be an object.'
    when jsonb_path_exists(metadata, 'strict $.**{32} ? (@.type() == "object" || @.type() == "array")') then 'metadata is nested too deep; at most 32 levels.'
    when history.has_endless_number(metadata) then 'metadata has a number that is too long; at most 1000 digits.'
    when octet_length(metadata::text) > most then format('metadata has %s bytes; at most %s.', octet_length(metadata::text), most)
end;
