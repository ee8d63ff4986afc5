-- Keys and checks of chat_sessions that refuse or change what the API writes; before expand. Reads the catalogue only.
with sessions as (
    select c.oid, c.oid::regclass as path from pg_class c
    where c.oid = to_regclass('public.chat_sessions') and c.relkind = 'r'
), written as materialized ( -- columns in which two conversations may well have the same
    select s.oid, s.path, a.attnum, a.attname from sessions s
    join pg_attribute a on a.attrelid = s.oid and a.attnum > 0 and not a.attisdropped
    left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
    where a.attname in ('tenant_id', 'user_id', 'title', 'metadata', 'messages')
        or a.attname not in ('id', 'created_at', 'updated_at') and a.attidentity = '' and pg_get_expr(d.adbin, d.adrelid) !~ '\('
), unique_ as (
    select s.path, i.indexrelid::regclass as index, k.conname, i.indkey,
        coalesce(k.contype, 'u') as kind, i.indpred is not null as special,
        not exists (select from unnest(i.indkey[:i.indnkeyatts - 1]) c(attnum)
            where c.attnum > 0 and c.attnum not in (select w.attnum from written w))
        and not exists (select from pg_depend d -- of its expressions
            where d.classid = 'pg_class'::regclass and d.objid = i.indexrelid and d.refobjid = s.oid and d.refobjsubid > 0
                and d.refobjsubid not in (select w.attnum from written w)) as refuses,
        exists (select from written w where w.attname = 'tenant_id' and w.attnum = any (i.indkey)) as tenanted
    from sessions s
    join pg_index i on i.indrelid = s.oid and (i.indisunique or i.indisexclusion) and not i.indisprimary
    left join pg_constraint k on k.conindid = i.indexrelid and k.conrelid = s.oid and k.contype in ('u', 'x')
)
select true as blocks, 'chat_sessions has no primary key on id.' as finding,
    format('An id that is missing or repeats is replaced first: update %s s set id = gen_random_uuid() from (select ctid as place, '
        || 'row_number() over (partition by id order by ctid) as nth from %1$s) d where d.place = s.ctid and (d.nth > 1 or s.id is null); '
        || 'alter table %1$s %sadd primary key (id);', s.path, (
        select format('drop constraint %I, ', k.conname) from pg_constraint k where k.conrelid = s.oid and k.contype = 'p')) as remedy
from sessions s
where not exists (
    select from pg_constraint k join pg_attribute a on a.attrelid = k.conrelid and k.conkey = array[a.attnum]
    where k.conrelid = s.oid and k.contype = 'p' and a.attname = 'id')
union all
select u.refuses and not u.special or u.kind = 'u' and u.conname is not null and not u.tenanted,
    format('%s is unique%s.', u.index, case
        when u.special then ' for some rows: a conversation that breaks it cannot be made'
        when u.refuses then ': a user could have only one conversation of a kind'
        else ' without the tenant: it reveals to one tenant what another has' end),
    format('If that is not meant, and nothing upserts on it: %s;', case when u.conname is null then format('drop index %s', u.index)
        else format('alter table %s drop constraint %I', u.path, u.conname) end)
from unique_ u where u.refuses or u.special or u.conname is not null and not u.tenanted
union all
-- A check that it is an array does no harm: the migration keeps it one.
select k.conkey && array(select w.attnum from written w where w.attname = 'messages'),
    format('%s, %s, also applies to what the API writes, which fails if it violates the check.', k.conname, pg_get_constraintdef(k.oid)),
    format('If it can be broken: alter table %s drop constraint %I;', s.path, k.conname)
from sessions s join pg_constraint k on k.conrelid = s.oid and (k.contype = 'c' or k.contype = 'f' and exists (
    select from pg_attribute a where a.attrelid = s.oid and a.attnum = any (k.conkey) and a.atthasdef and a.attname !~ '^(tenant|user)_id$'))
where pg_get_constraintdef(k.oid) !~ '^CHECK \(\(+(\(messages IS NULL\) OR \()?jsonb_typeof\(messages\) = ''array''::text\)+( NOT VALID)?$'
order by 1 desc, 2
