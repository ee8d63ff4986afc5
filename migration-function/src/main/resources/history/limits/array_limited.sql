-- conversations, before a client that policies bind writes an array: refuses what would become too many or too large rows. An
-- array that was beyond a limit before may stay so, and shrink.
create or replace function history.array_limited() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
declare
    most_elements constant integer := 20000;
    most_bytes constant integer := 8388608;
    too_deep constant jsonpath := 'strict $.**{66}';
    becomes jsonb := history.list_of(new.messages);
    was jsonb := history.list_of(old.messages);
    words text;
begin
    words := case
        when jsonb_array_length(becomes) > greatest(most_elements, jsonb_array_length(was))
            then format('messages has %s elements; at most %s.', jsonb_array_length(becomes), most_elements)
        when jsonb_path_exists(becomes, too_deep) and not jsonb_path_exists(was, too_deep)
            then 'messages is nested too deep; at most 64 levels in an element.'
        when history.has_endless_number(becomes) and not history.has_endless_number(was)
            then 'messages has a number that is too long; at most 1000 digits.'
        when pg_column_size(becomes) > most_bytes and exists (
            select from jsonb_array_elements(becomes) e
            where pg_column_size(e.value) > most_bytes and not was @> jsonb_build_array(e.value))
            then format('messages has an element that is too large; at most %s bytes.', most_bytes) end;
    if words is not null then
        raise invalid_parameter_value using message = words, schema = tg_table_schema, table = tg_table_name;
    end if;
    return new;
end $$;
