-- What is wrong with a client's metadata, as a message; null: nothing. It must be an object that every reader of a list can handle,
-- as it is stored and printed. The size is checked last, because the other limits bound the cost of printing.
create or replace function history.excess(value jsonb, most integer, name text default 'metadata') returns text
language sql immutable strict
return case
    when name = 'metadata' and jsonb_typeof(value) <> 'object' then 'metadata must be an object.'
    when jsonb_path_exists(value, 'strict $.**{32} ? (@.type() == "object" || @.type() == "array")')
        then format('%s is nested too deep; at most 32 levels.', name)
    when history.has_endless_number(value) then format('%s has a number that is too long; at most 1000 digits.', name)
    when octet_length(value::text) > most then format('%s has %s bytes; at most %s.', name, octet_length(value::text), most)
end;
