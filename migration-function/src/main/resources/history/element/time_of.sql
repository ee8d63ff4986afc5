-- The time of an element: from the first key that holds one, else from what it wraps, else from its metadata; or null.
create or replace function history.time_of(element jsonb) returns timestamptz
language plpgsql stable parallel safe set search_path = pg_catalog, pg_temp
as $$
declare
    layer jsonb;
    key text;
    found timestamptz;
begin
    element := history.object_in(element);
    foreach layer in array array[element, history.body_of(element)] loop
        continue when layer is null or not layer ?| history.time_keys();
        foreach key in array history.time_keys() loop
            found := history.element_time(layer -> key);
            if found is not null then
                return found;
            end if;
        end loop;
    end loop;
    return coalesce(history.element_time(element #> '{metadata,createdAt}'), -- AI SDK
        history.element_time(element #> '{metadata,created_at}'), history.element_time(element #> '{metadata,timestamp}'));
end $$;
