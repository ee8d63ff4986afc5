-- Columns that are missing, of another type, in the way, or refuse what the API writes; before expand and before an upgrade.
-- Reads the catalogue only.
with wanted as materialized (
    select w.*, c.oid, c.oid::regclass as path
    from (values
        ('public.chat_sessions', 'id', 'uuid', null), ('public.chat_sessions', 'tenant_id', 'uuid', null),
        ('public.chat_sessions', 'user_id', 'uuid', null), ('public.chat_sessions', 'title', 'text', null),
        ('public.chat_sessions', 'messages', 'jsonb', '''[]'''), ('public.chat_sessions', 'metadata', 'jsonb', '''{}'''),
        ('public.chat_sessions', 'created_at', 'timestamp with time zone', 'now()'),
        ('public.chat_sessions', 'updated_at', 'timestamp with time zone', 'now()'),
        ('public.tenants', 'id', 'uuid', null), ('public.tenant_users', 'tenant_id', 'uuid', null),
        ('public.tenant_users', 'user_id', 'uuid', null), ('public.tenant_users', 'role', null, '''user'''),
        ('auth.users', 'id', 'uuid', null)) w(relation, name, type, fallback)
    -- Not by to_regclass, which fails for a schema that one may not use.
    join pg_namespace n on n.nspname = split_part(w.relation, '.', 1)
    join pg_class c on c.relnamespace = n.oid and c.relname = split_part(w.relation, '.', 2) and c.relkind in ('r', 'p')
), found as materialized (
    select w.*, a.attnum, a.attgenerated, a.atthasdef, format_type(a.atttypid, a.atttypmod) as found,
        coalesce(nullif(t.typbasetype, 0), t.oid) as base, t.typcategory as category,
        case when w.name = 'title' then t.oid in ('text'::regtype, 'varchar'::regtype) and a.atttypmod not between 0 and 258
            else t.oid = w.type::regtype end as fits
    from wanted w
    left join pg_attribute a on a.attrelid = w.oid and a.attname = w.name and not a.attisdropped
    left join pg_type t on t.oid = a.atttypid
    where exists (select from pg_class c where c.oid = to_regclass('public.chat_sessions') and c.relkind in ('r', 'p'))
), other as materialized ( -- those that can be altered, each with how
    select f.*, case
        when f.type = 'text' then format('%I::text', f.name)
        when f.type = 'jsonb' and f.category = 'A' then format('to_jsonb(%I)', f.name)
        when f.type = 'jsonb' and (f.category = 'S' or f.base = 'json'::regtype)
            then format('pg_temp.as_jsonb(nullif(btrim(%I::text), ''''))', f.name)
        when f.base = 'timestamp'::regtype then format('%I at time zone ''UTC''', f.name)
        when f.category <> 'N' then format('%I::%s', f.name, f.type) end as converted
    from found f where f.attnum is not null and not f.fits
), bound as materialized ( -- what holds on to their types: it goes, and comes back
    select 1 as place, format('drop policy %I on %s;', p.policyname, d.path) as before,
        format('create policy %I on %s as %s for %s to %s%s%s;', p.policyname, d.path, p.permissive, p.cmd,
            (select string_agg(quote_ident(r), ', ') from unnest(p.roles) r),
            ' using (' || p.qual || ')', ' with check (' || p.with_check || ')') as after
    from (
        select distinct l.polrelid::regclass as path, l.polname, l.polrelid
        from other o join pg_depend d on d.refclassid = 'pg_class'::regclass and d.refobjid = o.oid and d.refobjsubid = o.attnum
        join pg_policy l on d.classid = 'pg_policy'::regclass and l.oid = d.objid) d
    join pg_class c on c.oid = d.polrelid join pg_namespace n on n.oid = c.relnamespace
    join pg_policies p on p.schemaname = n.nspname and p.tablename = c.relname and p.policyname = d.polname
    union all
    select distinct 0, format('alter table %s drop constraint %I;', k.conrelid::regclass, k.conname),
        format('alter table %s add constraint %I %s;', k.conrelid::regclass, k.conname, pg_get_constraintdef(k.oid))
    from other o join pg_constraint k on k.contype = 'f'
        and (k.conrelid = o.oid and o.attnum = any (k.conkey) or k.confrelid = o.oid and o.attnum = any (k.confkey))
)
select true as blocks,
    'Columns are not of the type that is known: ' || string_agg(
        format('%s of %s is %s, not %s', o.name, o.path, o.found, case o.type when 'text' then 'text or varchar(255)' else o.type end),
        '; ' order by o.path::text, o.attnum) || '.' as finding,
    case when count(*) > count(o.converted) then 'They cannot be converted without loss: create a table of the known form and fill it.'
        else coalesce('Drop first the views that use them, and make them again after (' || (
            select string_agg(distinct w.ev_class::regclass::text, ', ') from other v join pg_depend d
                on d.refclassid = 'pg_class'::regclass and d.refobjid = v.oid and d.refobjsubid = v.attnum
            join pg_rewrite w on d.classid = 'pg_rewrite'::regclass and w.oid = d.objid) || '). ', '')
            || 'Alter them, at a quiet time: ' || case when bool_or(o.converted ~ '^pg_temp') then -- what is no jsonb stays, as a string
                'create or replace function pg_temp.as_jsonb(t text) returns jsonb language plpgsql as $$ begin return t::jsonb; '
                || 'exception when data_exception then return to_jsonb(t); end $$; ' else '' end || coalesce((select string_agg(before, ' ' order by place desc, before) || ' ' from bound), '')
            || string_agg(format('alter table %s %salter column %I type %s using %s%s;', o.path,
                case when o.atthasdef and o.type <> 'text' then format('alter column %I drop default, ', o.name) end,
                o.name, o.type, o.converted, case when o.atthasdef and o.type <> 'text' then
                    format(', alter column %I set default %s', o.name, coalesce(o.fallback, 'gen_random_uuid()')) end),
                ' ' order by o.path::text, o.attnum)
            || coalesce((select ' ' || string_agg(after, ' ' order by place, after) from bound), '') end as remedy
from other o having count(*) > 0
union all
select true, format('Column %s is missing in %s.', f.name, f.path), case
        when f.name = 'id' then format('alter table %s add column id uuid primary key default gen_random_uuid();', f.path)
        when f.name ~ '_id$' then 'Add it and fill it: it says whose a row is.'
        else format('alter table %s add column %I %s%s;', f.path, f.name, coalesce(f.type, 'varchar(50)'), ' default ' || f.fallback) end
from found f where f.attnum is null
union all
select true, format('Column %s of %s is generated, and the API writes it.', f.name, f.path),
    format('Make it an ordinary one: alter table %s alter column %I drop expression;', f.path, f.name)
from found f where f.attgenerated <> '' and f.relation = 'public.chat_sessions'
union all
select true, format('Column %s of %s has a name that the migration needs.', a.attname, c.relname),
    format('Rename it: alter table %s rename column %I to %I;', c.oid::regclass, a.attname, a.attname || '_old')
from pg_attribute a join pg_class c on c.oid = a.attrelid
where c.relnamespace = to_regnamespace('public') and c.relkind in ('r', 'p') and not a.attisdropped and (
    c.relname = 'chat_sessions'
        and a.attname in ('last_seq', 'message_count', 'request_hash', 'archived', 'labels', 'last_message_at', 'revision')
    or c.relname = 'conversations' and a.attname in ('archived', 'labels', 'last_message_at', 'revision') -- made by an earlier version
        and exists (select from pg_attribute o where o.attrelid = c.oid and o.attname = 'last_seq')
        and not exists (select from pg_attribute p join pg_class m on m.oid = p.attrelid
            where m.relnamespace = c.relnamespace and m.relname = 'messages' and p.attname = 'parts'))
union all
-- The API gives the others.
select true, format('Column %s of chat_sessions must be filled, and the API does not fill it.', a.attname),
    format('Give it a default, or let it be empty: alter table %s alter column %I %s;', w.path, a.attname, case
        when t.typnotnull then 'type ' || format_type(t.typbasetype, t.typtypmod) || format(', alter column %I drop not null', a.attname)
        when a.attname = 'messages' then 'set default ''[]''' when t.typcategory = 'S' then 'set default '''''
        when t.typcategory = 'N' then 'set default 0' when t.typcategory = 'B' then 'set default false'
        when t.oid in ('timestamptz'::regtype, 'timestamp'::regtype, 'date'::regtype) then 'set default now()'
        when t.oid = 'uuid'::regtype then 'set default gen_random_uuid()'
        when t.oid in ('jsonb'::regtype, 'json'::regtype) or t.typcategory = 'A' then 'set default ''{}'''
        else 'drop not null' end)
from pg_attribute a
join wanted w on w.oid = a.attrelid and w.relation = 'public.chat_sessions' and w.name = 'id'
join pg_type t on t.oid = a.atttypid
where a.attnum > 0 and not a.attisdropped and (a.attnotnull or t.typnotnull) and not a.atthasdef
    and t.typdefault is null and a.attidentity = '' and a.attname not in ('id', 'tenant_id', 'user_id', 'title', 'metadata')
order by 1 desc, 2
