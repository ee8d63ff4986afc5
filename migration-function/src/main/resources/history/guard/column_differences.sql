-- Columns that are missing, of another type, without their default, or not yet known to be filled; and those of others that nobody
-- fills. A column becomes not null in three short steps. Only the second one reads the table, and nobody waits for it.
create or replace function history.column_differences(target text)
returns table (place integer, object text, finding text, remedy text, mend text)
language sql stable set search_path = pg_catalog, pg_temp
as $$
    with column_ as materialized (
        select w.*, a.attnum, a.attnotnull, pg_get_expr(d.adbin, d.adrelid) as default_, case
                when w.type ~ ' or ' and a.atttypid in ('text'::regtype, 'varchar'::regtype) and a.atttypmod not between 0 and 258
                then w.type else format_type(a.atttypid, case when w.fallback = 'any' then null else a.atttypmod end) end as found,
            case when a.attidentity <> '' then 'identity' when a.attgenerated <> '' then 'expression' end as made,
            k.conname is not null as promised, k.convalidated as proved, 'history_filled_' || w.name as promise
        from history.wanted_columns(target) w
        left join pg_attribute a on a.attrelid = to_regclass(w.relation) and a.attname = w.name and not a.attisdropped
        left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
        left join pg_constraint k on k.conrelid = to_regclass(w.relation) and k.conname = 'history_filled_' || w.name
        where to_regclass(w.relation) is not null or w.relation ~ 'tenant'
    )
    select 20, c.relation, format('column %s %s', c.name, coalesce('is ' || c.found, 'is missing')),
        concat(format('It must be %s: restore it.', coalesce(c.type, 'there')),
            case when c.attnum is null and to_regclass(c.relation) is not null then
                format(' If it was renamed: alter table %s rename column OLD to %I;', c.relation, c.name) end,
            case when c.attnum is null and to_regclass(c.relation) is not null and (c.fallback <> 'any' or not c.filled) then
                format(' If it was dropped: alter table %s add column %I %s%s;', c.relation, c.name, split_part(c.type, ' or ', 1),
                    ' default ' || c.fallback) end), null
    from column_ c where c.attnum is null or c.found <> c.type
    union all
    select 20, a.attrelid::regclass::text, format('column %s must be filled, and nobody fills it', a.attname),
        format('Give it a default, or: alter table %s alter column %I drop not null;', a.attrelid::regclass, a.attname), null
    from pg_attribute a
    where a.attrelid in (to_regclass('public.conversations'), to_regclass('public.messages')) and a.attnum > 0 and not a.attisdropped
        and a.attnotnull and not a.atthasdef and a.attidentity = ''
        and not exists (select from column_ c where to_regclass(c.relation) = a.attrelid and c.name = a.attname)
    union all
    select 21, c.relation, format('column %s has the default %s', c.name, coalesce(c.default_, 'null')), null,
        format('alter table %s alter column %I %s', c.relation, c.name, coalesce('set default ' || c.fallback, 'drop default'))
    from column_ c
    where c.attnum is not null and c.default_ is distinct from c.fallback and c.fallback is distinct from 'any' and c.made is null
    union all
    select 20, c.relation, format('column %s has an %s, so nobody can fill it', c.name, c.made),
        format('alter table %s alter column %I drop %s;', c.relation, c.name, c.made), null
    from column_ c where c.made is not null and c.relation !~ 'tenant'
    union all
    select 22, c.relation, format('column %s may be null', c.name), null, concat_ws(E';\n',
        case when not c.promised then
            format('alter table %s add constraint %I check (%I is not null) not valid', c.relation, c.promise, c.name) end,
        case when c.proved is not true then format('alter table %s validate constraint %I', c.relation, c.promise) end,
        format('alter table %s alter column %I set not null, drop constraint %I', c.relation, c.name, c.promise))
    from column_ c where c.filled and c.attnum is not null and not c.attnotnull
    union all
    select 22, c.relation, format('column %s may not be null', c.name), null,
        format('alter table %s alter column %I drop not null', c.relation, c.name)
    from column_ c where not c.filled and c.attnotnull
    union all
    select 23, c.relation, format('constraint %s has done its work', c.promise), null,
        format('alter table %s drop constraint %I', c.relation, c.promise)
    from column_ c where c.promised and c.attnotnull
$$;
