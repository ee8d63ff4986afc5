-- Columns that are missing, of another type, without their default, or not yet known to be filled. A column becomes not null in
-- three short steps. Only the second one reads the table, and nobody waits for it.
create or replace function history.column_differences(target text)
returns table (place integer, object text, finding text, remedy text, mend text)
language sql stable set search_path = pg_catalog, pg_temp
as $$
    with column_ as materialized (
        select w.*, a.attnum, a.attnotnull, format_type(a.atttypid, a.atttypmod) as found, pg_get_expr(d.adbin, d.adrelid) as default_,
            k.conname is not null as promised, k.convalidated as proved, 'history_filled_' || w.name as promise
        from history.wanted_columns(target) w
        left join pg_attribute a on a.attrelid = to_regclass(w.relation) and a.attname = w.name and not a.attisdropped
        left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
        left join pg_constraint k on k.conrelid = to_regclass(w.relation) and k.conname = 'history_filled_' || w.name
        where to_regclass(w.relation) is not null
    )
    select 20, c.relation, format('column %s %s', c.name, coalesce('is ' || c.found, 'is missing')),
        format('It must be %s: restore it.', c.type), null
    from column_ c where c.attnum is null or c.found <> c.type
    union all
    select 21, c.relation, format('column %s has the default %s', c.name, coalesce(c.default_, 'null')), null,
        format('alter table %s alter column %I %s', c.relation, c.name, coalesce('set default ' || c.fallback, 'drop default'))
    from column_ c where c.attnum is not null and c.default_ is distinct from c.fallback
    union all
    select 22, c.relation, format('column %s may be null', c.name), null, case
        when not c.promised then
            format('alter table %s add constraint %I check (%I is not null) not valid', c.relation, c.promise, c.name)
        when not c.proved then format('alter table %s validate constraint %I', c.relation, c.promise)
        else format('alter table %s alter column %I set not null, drop constraint %I', c.relation, c.name, c.promise) end
    from column_ c where c.filled and c.attnum is not null and not c.attnotnull
    union all
    select 23, c.relation, format('constraint %s has done its work', c.promise), null,
        format('alter table %s drop constraint %I', c.relation, c.promise)
    from column_ c where c.promised and c.attnotnull
$$;
