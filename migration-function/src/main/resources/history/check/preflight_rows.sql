-- Rows of phase 0 that stand in the way. Runs only when nothing else blocks, so tables and columns are as expected.
with nullable as (
    select a.attname::text as name, 'chat_sessions' as relation from pg_attribute a
    where a.attrelid = to_regclass('public.chat_sessions') and a.attname in ('tenant_id', 'user_id') and not a.attnotnull
), guest as materialized (
    select count(*) filter (where s.user_id is null) as users, count(*) filter (where s.tenant_id is null) as tenants,
        count(*) as sessions
    from public.chat_sessions s
), lost as materialized (
    select count(*) filter (where s.user_id is not null and not exists (select from auth.users u where u.id = s.user_id)) as users,
        count(*) filter (where s.tenant_id is not null and not exists (select from public.tenants t where t.id = s.tenant_id)) as tenants
    from public.chat_sessions s
), follower as ( -- of other tables, what would be deleted with a session
    select format('First save what would be deleted with them (%s). ', string_agg(k.conrelid::regclass::text, ', ' order by k.conrelid::regclass::text))
        as words
    from pg_constraint k where k.contype = 'f' and k.confdeltype = 'c' and k.confrelid = 'public.chat_sessions'::regclass
        and k.conrelid <> k.confrelid
    having count(*) > 0
), aside as ( -- each kind without the others: nobody deletes what is not put aside yet
    select v.* from guest g, lost l, lateral (values
        (g.users, '%s sessions of guests (user_id is null).', 'Give them to a user of your own', 'of_guests', 's.user_id is null',
            ' alter table public.chat_sessions alter column user_id set not null;'),
        (g.tenants, '%s rows of chat_sessions have no tenant.', 'Give them one', 'without_tenant', 's.tenant_id is null',
            ' alter table public.chat_sessions alter column tenant_id set not null;'),
        (l.tenants, '%s rows of chat_sessions have a tenant that does not exist.', 'Restore the tenants', 'of_lost_tenants',
            's.tenant_id is not null and not exists (select from public.tenants t where t.id = s.tenant_id)', ''),
        (l.users, '%s rows of chat_sessions have a user that does not exist.', 'Restore the users', 'of_lost_users',
            's.user_id is not null and not exists (select from auth.users u where u.id = s.user_id)', ''))
        v(rows, finding, instead, name, which, after)
    where v.rows > 0
)
select true as blocks, format(a.finding, a.rows) as finding, format('%s%s, or put them aside: create table public.%I as select s.* from '
    || 'public.chat_sessions s where %s; alter table public.%3$I enable row level security; delete from public.chat_sessions s where %4$s;%5$s',
    (select f.words from follower f), a.instead, 'chat_sessions_' || a.name, a.which, a.after) as remedy
from aside a
union all
select true, format('Column %s of chat_sessions may be null; a conversation always has one.', n.name),
    format('alter table public.chat_sessions alter column %I set not null;', n.name)
from nullable n, guest g where case n.name when 'user_id' then g.users else g.tenants end = 0
union all
select false, format('%s conversations belong to users who are no members of their tenant.', count(*)),
    'They are migrated, but these users do not see them until tenant_users has a row for them.'
from public.chat_sessions s
where not exists (select from public.tenant_users u where u.tenant_id = s.tenant_id and u.user_id = s.user_id)
having count(*) > 0
union all
select false, 'chat_sessions is empty: only the tables are migrated.', 'If it should have rows, this is another database.'
from guest g where g.sessions = 0
order by 1 desc, 2
