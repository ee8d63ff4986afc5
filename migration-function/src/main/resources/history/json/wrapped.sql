-- An array wrapped as value is; value itself, unchanged, if it holds just this array.
create or replace function history.wrapped(value jsonb, list jsonb) returns jsonb
language plpgsql immutable parallel safe set search_path = pg_catalog, pg_temp
as $$
declare
    path text[] := history.list_path(value);
    around jsonb[] := '{}';
    step text;
begin
    if path is null or path = '{}' then
        return list;
    elsif history.unwrapped(value) = list then
        return value;
    end if;
    foreach step in array path loop
        around := value || around;
        value := case step when '"' then history.decoded(value #>> '{}') else value -> step end;
    end loop;
    foreach value in array around loop
        step := path[cardinality(path)];
        path := trim_array(path, 1);
        list := case step when '"' then to_jsonb(list::text) else value || jsonb_build_object(step, list) end;
    end loop;
    return list;
end $$;
