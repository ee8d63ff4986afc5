-- The array in a column, however it is wrapped; null if there is none.
create or replace function history.unwrapped(value jsonb) returns jsonb
language plpgsql immutable parallel safe set search_path = pg_catalog, pg_temp
as $$
declare
    path text[] := history.list_path(value);
    step text;
begin
    if path is null then
        return null;
    end if;
    foreach step in array path loop
        value := case step when '"' then history.decoded(value #>> '{}') else value -> step end;
    end loop;
    return value;
end $$;
