-- What depends on the table: on its row type, which a rename changes (blocks before expand), and on what complete drops, the array
-- and the view of the old name (does not block until then). Reads the catalogue only.
with recursive subject as materialized (
    select c.oid, c.oid = to_regclass('public.chat_sessions') as is_old,
        array(select t.oid from pg_type t where t.oid = c.reltype or t.typelem = c.reltype) as types
    from pg_class c
    where c.relkind in ('r', 'p') and c.oid = to_regclass('public.chat_sessions')
        or c.relkind = 'r' and c.oid = to_regclass('public.conversations') and exists (
            select from pg_attribute a where a.attrelid = c.oid and a.attname = 'last_seq')
), edge as materialized ( -- who depends on what; a view stands for its rule and its row type, a column for its expression
    select case when v.oid is null then d.refclassid else 'pg_class'::regclass end as on_class, coalesce(v.oid, d.refobjid) as on_id,
        d.refobjsubid as on_sub, case when coalesce(w.ev_class, e.adrelid) is null then d.classid else 'pg_class'::regclass end as classid,
        coalesce(w.ev_class, e.adrelid, d.objid) as objid, coalesce(e.adnum, d.objsubid) as objsubid
    from pg_depend d
    left join pg_rewrite w on d.classid = 'pg_rewrite'::regclass and w.oid = d.objid and w.rulename = '_RETURN'
    left join pg_attrdef e on d.classid = 'pg_attrdef'::regclass and e.oid = d.objid
    left join pg_type t on d.refclassid = 'pg_type'::regclass and t.oid = d.refobjid
    left join pg_class v on v.reltype = coalesce(nullif(t.typelem, 0), t.oid) and v.relkind in ('v', 'm')
    -- An index, a check or statistics go with the column.
    where (d.deptype = 'n' or d.objsubid > 0) and not exists (select from pg_depend g where d.objsubid = 0 and g.deptype = 'a'
            and (g.classid, g.objid, g.refclassid, g.refobjid, g.refobjsubid)
                = (d.classid, d.objid, d.refclassid, d.refobjid, d.refobjsubid))
        and (d.refclassid, d.refobjid, d.refobjsubid) <> (d.classid, d.objid, d.objsubid)
), dependent as ( -- with the first of them, by which it came
    select e.*, e.on_class = 'pg_type'::regclass as by_type, 1 as depth, e.classid as c1, e.objid as o1, e.objsubid as s1
    from subject s
    join edge e on s.is_old and e.on_class = 'pg_type'::regclass and e.on_id = any (s.types)
        or e.on_class = 'pg_class'::regclass and (e.on_id = s.oid and e.on_sub = (
                select a.attnum from pg_attribute a where a.attrelid = s.oid and a.attname = 'messages' and not a.attisdropped)
            or not s.is_old and e.on_id = to_regclass('public.chat_sessions'))
    union all
    select e.*, p.by_type, p.depth + 1, p.c1, p.o1, p.s1
    from dependent p join edge e on e.on_class = p.classid and e.on_id = p.objid
    where p.depth < 8 and p.objsubid = 0 and (e.classid, e.objid) <> (p.classid, p.objid)
), object as materialized (
    select d.by_type, d.c1, d.o1, d.s1, d.depth, case
        when i.schema = 'history' and d.classid = 'pg_proc'::regclass or i.identity ~ '^history_' and d.classid = 'pg_trigger'::regclass
            then null -- expand exchanges those
        when d.classid = 'pg_constraint'::regclass then (
            select format('alter table %s drop constraint if exists %I', k.conrelid::regclass, k.conname)
            from pg_constraint k where k.oid = d.objid and k.conrelid <> 0)
        when d.classid = 'pg_publication_rel'::regclass then (
            select format('alter publication %I drop table %s', p.pubname, r.prrelid::regclass)
            from pg_publication_rel r join pg_publication p on p.oid = r.prpubid where r.oid = d.objid)
        when d.classid = 'pg_class'::regclass and d.objsubid > 0 then (
            select format(case when a.attgenerated = '' and d.by_type then 'alter table %s alter column %I type jsonb using to_jsonb(%2$I)'
                when a.attgenerated = 's' then 'alter table %s alter column %I drop expression if exists'
                else 'alter table %s drop column if exists %I' end, a.attrelid::regclass, a.attname)
            from pg_attribute a where a.attrelid = d.objid and a.attnum = d.objsubid)
        when d.classid::regclass::text in ('pg_proc', 'pg_policy', 'pg_trigger', 'pg_rewrite', 'pg_type', 'pg_cast', 'pg_operator', 'pg_class')
            then format('drop %s if exists %s', i.type, i.identity) end as statement
    from dependent d cross join lateral pg_identify_object(d.classid, d.objid, d.objsubid) i
    where (d.classid, d.objid) <> ('pg_class'::regclass, coalesce(to_regclass('public.chat_sessions'), 0))
        or d.objsubid > 0
)
select o.by_type as blocks, case when o.by_type then format('%s uses the row type of chat_sessions, which the migration changes.', f.name)
        else format('%s uses what complete drops, and will stop it.', f.name) end as finding,
    case when o.by_type and o.s1 > 0 then 'Keep what is in it as JSON: '
        when o.by_type then 'Drop it, and create it again as it is when migrate has run: '
        else 'Before complete, drop it, and make it again without the array and the old name: ' end || o.statements || ';' as remedy
from (
    select by_type, c1, o1, s1, string_agg(statement, '; ' order by depth desc, statement) as statements
    from (select by_type, c1, o1, s1, statement, max(depth) as depth from object where statement is not null group by 1, 2, 3, 4, 5) o
    group by 1, 2, 3, 4
) o
cross join lateral (select upper(left(d, 1)) || substr(d, 2) as name from pg_describe_object(o.c1, o.o1, o.s1) d) f
order by 1 desc, 2
