-- What keeps a migration from starting, from the catalogue alone: changes nothing, and reads no table that may be missing.
with relation as (
    select n.nspname || '.' || c.relname as name, c.oid, c.relkind, c.relowner
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where n.nspname || '.' || c.relname in (
        'public.chat_sessions', 'public.conversations', 'public.messages', 'public.tenants', 'public.tenant_users',
        'public.conversations_temp', 'auth.users', 'history.state')
), ours as (
    select exists (select from relation where name = 'history.state')
        and exists (
            select from relation r join pg_attribute a on a.attrelid = r.oid
            where r.name = 'public.conversations' and a.attname = 'last_seq') as expanded
), phase_0 as (
    select exists (select from relation where name = 'public.chat_sessions' and relkind in ('r', 'p')) as present
)
select current_setting('server_version_num')::int < 150000 as blocks,
    'The server is PostgreSQL ' || current_setting('server_version') || '.' as finding,
    'Upgrade it to 15 or newer.' as remedy
where current_setting('server_version_num')::int < 150000
union all
select true, format('A table %s exists that this migration did not make.', r.name),
    format('If it is left from an attempt of your own, save what it holds and rename or drop it: alter table %s rename to %s_old;',
        r.name, split_part(r.name, '.', 2))
from relation r, ours where not ours.expanded and r.name in ('public.conversations', 'public.messages')
union all
select false, 'A table public.conversations_temp lies around.', 'Look whether it holds anything you need; it is left alone.'
from relation r where r.name = 'public.conversations_temp'
union all
select true, 'chat_sessions is a ' || case r.relkind when 'v' then 'view' else 'relation of kind ' || r.relkind::text end || ', not a table.',
    'Migrate where the table itself is.'
from relation r, ours where not ours.expanded and r.name = 'public.chat_sessions' and r.relkind <> 'r'
union all
select true, format('chat_sessions is there, but %s is missing.', wanted.name), 'Restore it; its rows say who may see what.'
from (values ('public.tenants'), ('public.tenant_users'), ('auth.users')) wanted(name), phase_0
where phase_0.present and not exists (select from relation r where r.name = wanted.name)
union all
select true, case when a.attname is null
        then format('Column %s is missing in chat_sessions.', wanted.name)
        else format('Column %s of chat_sessions is %s, not %s.', wanted.name, format_type(a.atttypid, a.atttypmod), wanted.type) end,
    format('This is not the schema that is known. Expected: %s %s.', wanted.name, wanted.type)
from (values ('id', 'uuid'), ('tenant_id', 'uuid'), ('user_id', 'uuid'), ('title', 'character varying(255)'),
        ('messages', 'jsonb'), ('metadata', 'jsonb'),
        ('created_at', 'timestamp with time zone'), ('updated_at', 'timestamp with time zone')) wanted(name, type)
join relation r on r.name = 'public.chat_sessions' and r.relkind in ('r', 'p')
left join pg_attribute a on a.attrelid = r.oid and a.attname = wanted.name and not a.attisdropped
where a.attname is null or format_type(a.atttypid, a.atttypmod) <> wanted.type
union all
select true, format('Column %s of chat_sessions is in the way.', a.attname), 'Rename it: the migration adds one with this name.'
from relation r join pg_attribute a on a.attrelid = r.oid
where r.name = 'public.chat_sessions' and r.relkind = 'r' and a.attname in ('last_seq', 'message_count')
union all
select true, 'chat_sessions has no primary key on id.', 'alter table public.chat_sessions add primary key (id);'
from relation r
where r.name = 'public.chat_sessions' and r.relkind = 'r' and not exists (
    select from pg_constraint k join pg_attribute a on a.attrelid = k.conrelid and k.conkey = array[a.attnum]
    where k.conrelid = r.oid and k.contype = 'p' and a.attname = 'id')
union all
select true, format('%s may not change %s, which belongs to %s.', current_user, r.name, pg_get_userbyid(r.relowner)),
    format('Connect as %s, or: grant %I to %I;', pg_get_userbyid(r.relowner), pg_get_userbyid(r.relowner), current_user)
from relation r
where r.name in ('public.chat_sessions', 'public.conversations', 'public.tenant_users', 'history.state')
    and not pg_has_role(current_user, r.relowner, 'usage')
union all
select true, format('%s may not create a schema in this database.', current_user),
    format('grant create on database %I to %I;', current_database(), current_user)
where to_regnamespace('history') is null and not has_database_privilege(current_database(), 'create')
union all
select true, format('%s may not create tables in schema public.', current_user), format('grant create on schema public to %I;', current_user)
where not has_schema_privilege('public', 'create')
union all
select wanted.name <> 'history_functions', format('The role %s is missing, and %s may not create it.', wanted.name, current_user),
    format('As an administrator: create role %I %s noinherit;%s', wanted.name,
        case wanted.name when 'history_functions' then 'login' else 'nologin' end,
        case wanted.name when 'history_functions' then ' grant authenticated to history_functions;' else '' end)
from (values ('anon'), ('authenticated'), ('service_role'), ('history_functions')) wanted(name)
where not exists (select from pg_roles where rolname = wanted.name)
    and not (select rolcreaterole or rolsuper from pg_roles where rolname = current_user)
union all
select false, format('A transaction of %s has been open for %s minutes.', coalesce(usename, '?'),
        round(extract(epoch from now() - xact_start) / 60)),
    format('It keeps indexes from being built: let it end, or: select pg_terminate_backend(%s);', pid)
from pg_stat_activity
where datname = current_database() and pid <> pg_backend_pid() and xact_start < now() - interval '5 minutes'
order by 1 desc, 2
