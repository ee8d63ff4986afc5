-- Indexes that are missing, changed, or left invalid by a build that was cut off.
create or replace function history.index_differences(target text)
returns table (place integer, object text, finding text, remedy text, mend text)
language sql stable set search_path = pg_catalog, pg_temp
as $$
    select 35, 'public.' || w.name,
        case when i.indexrelid is null then 'is missing' when not i.indisvalid then 'is not valid' else 'is another index' end, null,
        case when i.indexrelid is null then replace(w.definition, 'CREATE INDEX', 'create index concurrently')
            else format('drop index concurrently public.%I', w.name) end
    from history.wanted_indexes(target) w
    left join pg_index i on i.indexrelid = to_regclass('public.' || w.name)
    where i.indexrelid is null or not i.indisvalid or pg_get_indexdef(i.indexrelid) <> w.definition
$$;
