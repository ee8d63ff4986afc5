-- The JSON encoded in a string: an object, an array or again a string; null for any other text.
create or replace function history.decoded(words text) returns jsonb
language plpgsql immutable parallel safe set search_path = pg_catalog, pg_temp
as $$
begin
    return case when words ~ '^\s*[\[{"]' then words::jsonb end;
exception when data_exception or program_limit_exceeded then
    return null;
end $$;
