-- Whether a new, empty schema may be created where there is no chat_sessions: only if nothing looks like sessions, or like an
-- application whose tenants are elsewhere. Not run when a fresh schema is asked for. Reads the catalogue only.
with theirs as materialized ( -- ordinary tables of nobody's extension or platform
    select c.oid, c.relname::text as name, n.nspname, c.oid::regclass as path, exists (
            select from pg_attribute a join pg_type t on t.oid = a.atttypid
            where a.attrelid = c.oid and not a.attisdropped and t.typname in ('json', 'jsonb')) as has_json
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where c.relkind in ('r', 'p') and c.relpersistence <> 't' and n.nspname !~ '^pg_|_realtime$|^supabase_' and n.nspname not in (
            'information_schema', 'history', 'auth', 'storage', 'realtime', 'vault', 'extensions', 'graphql', 'graphql_public',
            'pgsodium', 'net', 'cron', 'local_run')
        and not exists (select from pg_depend d where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.deptype = 'e')
        and to_regclass('public.chat_sessions') is null and to_regclass('public.conversations') is null
), seen as materialized (
    select t.*, regexp_replace(lower(t.name), '[^a-z]', '', 'g') in ('chatsessions', 'chatsession') as is_it,
        t.name = 'conversations_temp' or t.has_json and t.name ~* 'session|conversation|message|chat' as looks_like_it
    from theirs t
)
select true as blocks, format('There is no public.chat_sessions, but %s looks like it.', s.path) as finding,
    case when s.is_it then format('If it holds the sessions: %s%s', case when s.nspname <> 'public' then
            format('alter table %s set schema public;', s.path) end, case when s.name <> 'chat_sessions' then
            format('%salter table public.%I rename to chat_sessions;', case when s.nspname <> 'public' then ' ' end, s.name) end)
        else format('If it holds the sessions, bring them to a table public.chat_sessions of the known form. If conversations are to '
            || 'begin anew beside %s: migrate --fresh', s.path) end as remedy
from seen s where s.is_it or s.looks_like_it
union all
select true, format('There is no public.chat_sessions, and no public.tenants, but tables of an application: %s.', min(shown.names)),
    'Look whether this is the right database. To make tenants, tenant_users and conversations in it: migrate --fresh'
from seen s, lateral (select string_agg(n.path::text, ', ' order by n.name) as names
    from (select * from seen where nspname = 'public' order by name limit 5) n) shown
where s.nspname = 'public' and to_regclass('public.tenants') is null
    and not exists (select from seen where is_it or looks_like_it)
having count(*) > 0
union all
select false, 'There is no chat_sessions: there is nothing to migrate.', 'migrate makes a new, empty schema.'
where to_regclass('public.chat_sessions') is null and to_regclass('public.conversations') is null
    and not exists (select from seen s where s.is_it or s.looks_like_it or s.nspname = 'public' and to_regclass('public.tenants') is null)
order by 1 desc, 2
