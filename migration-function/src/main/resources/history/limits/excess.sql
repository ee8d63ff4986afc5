-- What is wrong with a client's metadata, as a message; null: nothing. It must be an object that every reader of a list can handle,
-- as it is stored and printed. The size is checked last, because the other limits bound the cost of printing.
create or replace function history.excess(metadata jsonb, most integer) returns text
language plpgsql immutable set search_path = pg_catalog, pg_temp
as $$
declare
    bytes integer;
begin
    if jsonb_typeof(metadata) <> 'object' then
        return 'metadata must be an object.';
    elsif jsonb_path_exists(metadata, 'strict $.**{33}') then
        return 'metadata is nested too deep; at most 32 levels.';
    elsif history.has_endless_number(metadata) then
        return 'metadata has a number that is too long; at most 1000 digits.';
    end if;
    bytes := octet_length(metadata::text);
    if bytes > most then
        return format('metadata has %s bytes; at most %s.', bytes, most);
    end if;
    return null;
end $$;
