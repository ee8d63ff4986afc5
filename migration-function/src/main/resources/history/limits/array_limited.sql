-- conversations, before a client under policies writes an array: refuses what would become too many or too large rows, or a column
-- that no dump could hold, its wrapping included. What exceeded a limit before may stay, and shrink.
-- Sizes are those of the text. A small stored value need not be printed: each of its bytes is at most a hundred of text.
create or replace function history.array_limited() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
declare
    most_elements constant integer := 20000;
    most_bytes constant integer := 8388608;
    most_bytes_of_all constant integer := 134217728;
    becomes jsonb := history.list_of(new.messages);
    was jsonb := history.list_of(old.messages);
    words text;
begin
    words := case
        when jsonb_array_length(becomes) > greatest(most_elements, jsonb_array_length(was))
            then format('messages has %s elements; at most %s.', jsonb_array_length(becomes), most_elements)
        when history.is_deep(becomes, new.messages) and not history.is_deep(was, old.messages)
            then 'messages is nested too deep; at most 64 levels in an element.'
        when (history.has_endless_number(becomes) or history.has_endless_number(new.messages))
            and not (history.has_endless_number(was) or history.has_endless_number(old.messages)) is true
            then 'messages has a number that is too long; at most 1000 digits.'
        when pg_column_size(becomes) > most_bytes / 100 and exists (
            select from jsonb_array_elements(becomes) e
            where pg_column_size(e.value) > most_bytes / 100 and octet_length(e.value::text) > most_bytes
                and e.value not in (select w.value from jsonb_array_elements(was) w))
            then format('messages has an element that is too large; at most %s bytes.', most_bytes)
        when pg_column_size(new.messages) > most_bytes_of_all / 100
            and octet_length(new.messages::text) > most_bytes_of_all
            and octet_length(new.messages::text) > coalesce(octet_length(old.messages::text), 0)
            then format('messages is too large; at most %s bytes.', most_bytes_of_all) end;
    if words is not null then
        raise invalid_parameter_value using message = words, schema = tg_table_schema, table = tg_table_name;
    end if;
    return new;
end $$;
