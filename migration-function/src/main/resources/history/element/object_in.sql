-- An element as an object: itself, or the object encoded in a string; null for everything else.
create or replace function history.object_in(element jsonb) returns jsonb
language plpgsql immutable parallel safe set search_path = pg_catalog, pg_temp
as $$
begin
    if jsonb_typeof(element) = 'string' then
        element := history.decoded(element #>> '{}');
    end if;
    return case when jsonb_typeof(element) = 'object' then element end;
end $$;
