-- The first six words of a text, which a conversation without a name of its own is called by; null where there is none.
create or replace function history.first_words(value text) returns text
language sql immutable parallel safe
return nullif(left(array_to_string(
    (regexp_split_to_array(btrim(left(value, 4000), E' \t\r\n'), '\s+'))[1:6], ' '), 255), '');
