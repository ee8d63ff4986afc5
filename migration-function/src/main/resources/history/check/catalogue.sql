-- What must never be true of the tables that hold tenants' data, and of the functions and roles around them.
with held as (
    select c.oid, c.oid::regclass::text as name, c.relrowsecurity, c.relforcerowsecurity, n.nspname
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where c.relkind in ('r', 'p') and (
        n.nspname = 'public' and c.relname in ('conversations', 'messages')
        or n.nspname = 'history' and c.relname in ('quarantine', 'remembered', 'progress'))
), policy as (
    select p.*, format('%I.%I', p.schemaname, p.tablename)::regclass as relation from pg_policies p
    where p.schemaname in ('public', 'history')
), helper as (
    select p.*, p.oid::regprocedure::text as name from pg_proc p
    join pg_namespace n on n.oid = p.pronamespace where n.nspname = 'history'
)
select name as object, 'row level security is not enabled and forced' as finding
from held where not (relrowsecurity and relforcerowsecurity)
    and (nspname = 'history' or (select phase in ('migrated', 'complete') from history.state))
union all
select h.name, 'authenticated has no policy for ' || c.cmd
from held h cross join (values ('SELECT'), ('INSERT'), ('UPDATE'), ('DELETE')) c(cmd)
where h.nspname = 'public' and not exists (
    select from policy p where p.relation = h.oid and p.cmd = c.cmd and 'authenticated' = any (p.roles))
union all
select h.name, format('policy %s is for everybody', p.policyname)
from held h join policy p on p.relation = h.oid where p.roles = '{public}'
union all
select h.name, format('policy %s admits every row', p.policyname)
from held h join policy p on p.relation = h.oid where 'true' in (p.qual, p.with_check)
union all
select h.name, format('policy %s leaves new rows unchecked', p.policyname)
from held h join policy p on p.relation = h.oid where p.cmd in ('INSERT', 'UPDATE', 'ALL') and p.with_check is null
union all
select h.name, 'everybody may ' || lower(a.privilege_type)
from held h join pg_class c on c.oid = h.oid cross join lateral aclexplode(c.relacl) a where a.grantee = 0
union all
select v.oid::regclass::text, 'the view shows rows as its owner'
from pg_class v
where v.relkind = 'v' and 'security_invoker=true' <> all (coalesce(v.reloptions, '{}'))
    and exists (
        select from pg_depend d join pg_rewrite r on r.oid = d.objid
        where r.ev_class = v.oid and d.refobjid in (select oid from held))
union all
select h.name, format('%s does not carry the tenant', k.conname)
from held h join pg_constraint k on k.conrelid = h.oid
where (k.contype = 'u' or k.contype = 'f' and k.confrelid in (select oid from held))
    and not exists (
        select from pg_attribute a where a.attrelid = k.conrelid and a.attname = 'tenant_id' and a.attnum = any (k.conkey))
union all
select name, 'search_path is not fixed'
from helper where prosqlbody is null and not coalesce(array_to_string(proconfig, ',') like '%search_path=%', false)
union all
select name, 'everybody may execute it'
from helper cross join lateral aclexplode(coalesce(proacl, acldefault('f', proowner))) a where a.grantee = 0
union all
select 'history_functions', 'is a superuser, bypasses policies or may create roles'
from pg_roles where rolname = 'history_functions' and (rolsuper or rolbypassrls or rolcreaterole or rolreplication)
union all
select 'history_functions', 'may become ' || r.rolname
from pg_roles r
where exists (select from pg_roles where rolname = 'history_functions')
    and r.rolname not in ('history_functions', 'authenticated')
    and (select pg_has_role(f.oid, r.oid, 'member') from pg_roles f where f.rolname = 'history_functions' and not f.rolsuper)
union all
select 'history_functions', 'owns ' || c.oid::regclass
from pg_class c join pg_roles r on r.oid = c.relowner where r.rolname = 'history_functions'
order by 1, 2
