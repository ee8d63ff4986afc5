-- What the rows of phase 0 say against a migration. Run only where nothing before it blocks: tables and columns are as it wants.
with nullable as (
    select a.attname::text as name, 'chat_sessions' as relation from pg_attribute a
    where a.attrelid = to_regclass('public.chat_sessions') and a.attname in ('tenant_id', 'user_id') and not a.attnotnull
), guest as materialized (
    select count(*) filter (where s.user_id is null) as users, count(*) filter (where s.tenant_id is null) as tenants,
        count(*) as sessions
    from public.chat_sessions s
)
select true as blocks, format('%s sessions of guests (user_id is null).', g.users) as finding,
    'Give them to a user of your own, or put them aside: create table public.chat_sessions_of_guests as '
        || 'select * from public.chat_sessions where user_id is null; alter table public.chat_sessions_of_guests enable row level '
        || 'security; delete from public.chat_sessions where user_id is null; alter table public.chat_sessions alter column user_id set not null;'
        as remedy
from guest g where g.users > 0
union all
select true, format('%s rows of chat_sessions have no tenant.', g.tenants),
    'Give them one, or put them aside: create table public.chat_sessions_without_tenant as select * from public.chat_sessions '
        || 'where tenant_id is null; alter table public.chat_sessions_without_tenant enable row level security; '
        || 'delete from public.chat_sessions where tenant_id is null; alter table public.chat_sessions alter column tenant_id set not null;'
from guest g where g.tenants > 0
union all
select true, format('Column %s of chat_sessions may be null; a conversation always has one.', n.name),
    format('alter table public.chat_sessions alter column %I set not null;', n.name)
from nullable n, guest g where case n.name when 'user_id' then g.users else g.tenants end = 0
union all
select true, format('%s rows of chat_sessions have a tenant that does not exist.', count(*)),
    'Restore the tenants, or delete the rows: delete from public.chat_sessions s where not exists '
        || '(select from public.tenants t where t.id = s.tenant_id);'
from public.chat_sessions s where s.tenant_id is not null and not exists (select from public.tenants t where t.id = s.tenant_id)
having count(*) > 0
union all
select true, format('%s rows of chat_sessions have a user that does not exist.', count(*)),
    'Restore the users, or delete the rows: delete from public.chat_sessions s where not exists '
        || '(select from auth.users u where u.id = s.user_id);'
from public.chat_sessions s where s.user_id is not null and not exists (select from auth.users u where u.id = s.user_id)
having count(*) > 0
union all
select false, format('%s conversations belong to users who are no members of their tenant.', count(*)),
    'They are migrated, but these users do not see them until tenant_users has a row for them.'
from public.chat_sessions s
where not exists (select from public.tenant_users u where u.tenant_id = s.tenant_id and u.user_id = s.user_id)
having count(*) > 0
union all
select false, 'chat_sessions has no rows: there is nothing to migrate but the tables.', 'If it should have, this is another database.'
from guest g where g.sessions = 0
order by 1 desc, 2
