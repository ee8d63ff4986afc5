-- Relations that are missing, in the way, or of a kind that cannot be migrated; before expand. Reads the catalogue only.
with relation as materialized (
    select n.nspname || '.' || c.relname as name, c.oid, c.oid::regclass as path, c.relkind, c.relpersistence
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where n.nspname || '.' || c.relname in (
        'public.chat_sessions', 'public.conversations', 'public.messages', 'public.tenants', 'public.tenant_users',
        'public.conversations_temp', 'auth.users')
), sessions as (
    select r.oid, r.path from relation r where r.name = 'public.chat_sessions' and r.relkind in ('r', 'p')
), ours as (
    select from pg_attribute a join pg_class c on c.oid = a.attrelid and c.relname = 'state'
    join pg_namespace n on n.oid = c.relnamespace and n.nspname = 'history' where a.attname = 'backfilled_to'
), expanded as ( -- by a run of ours
    select from ours, pg_attribute c where c.attrelid = to_regclass('public.conversations') and c.attname = 'last_seq'
), theirs as ( -- a schema history that holds anything but what a run of ours made, or began to make
    select n.oid, n.nspowner from pg_namespace n
    where n.nspname = 'history'
        and not exists (select from ours)
        and (exists (select from pg_class c where c.relnamespace = n.oid and c.relname !~ '^schema_history')
            or exists (select from pg_proc p where p.pronamespace = n.oid)
            or exists (select from pg_type t where t.typnamespace = n.oid and t.typname !~ '^_?schema_history'))
)
select true as blocks, 'There is a schema history that this migration did not make.' as finding,
    'It needs that name. Give the other one to yours, and to what names it: alter schema history rename to history_old;' as remedy
from theirs
union all
select true, format('Schema history belongs to %I.', pg_get_userbyid(n.nspowner)),
    format('It must belong to the role that migrates: alter schema history owner to %I;', current_user)
from pg_namespace n
where n.nspname = 'history' and n.nspowner <> (select r.oid from pg_roles r where r.rolname = current_user) and not exists (select from ours)
    and not exists (select from theirs)
union all
select true, format('A %s exists that this migration did not make.', r.thing),
    format('Look what it holds; if it is left from an attempt of your own, put it aside: create schema if not exists put_aside; '
        || 'alter %s set schema put_aside;', r.thing)
from (
    select name, case relkind when 'v' then 'view' when 'm' then 'materialized view' when 'S' then 'sequence' else 'table' end || ' ' || path
        as thing
    from relation where relkind in ('r', 'p', 'f', 'v', 'm', 'S')
    union all select n.nspname || '.' || t.typname, format('type %s', t.oid::regtype)
        from pg_type t join pg_namespace n on n.oid = t.typnamespace
        left join pg_class c on c.oid = t.typrelid where t.typelem = 0 and coalesce(c.relkind, 'c') = 'c'
) r
where r.name in ('public.conversations', 'public.messages') and not exists (select from expanded)
union all
select true, format('An index %s has a name that the migration needs.', i.indexrelid::regclass),
    format('Rename it: alter index %s rename to %I;', i.indexrelid::regclass, c.relname || '_old')
from pg_index i join pg_class c on c.oid = i.indexrelid
where c.relnamespace = 'public'::regnamespace and c.relname in (
        'conversations_tenant_id_id_key', 'messages_pkey', 'messages_tenant_id_conversation_id_seq_key',
        'conversations_own_list_idx', 'conversations_tenant_list_idx')
    and not exists (select from expanded)
    and i.indrelid not in (select r.oid from relation r where r.name in ('public.conversations', 'public.messages'))
    -- What a run has built before the switch.
    and not (i.indrelid = to_regclass('public.chat_sessions') and i.indisunique and pg_get_indexdef(i.indexrelid) ~ ' \(tenant_id, id\)$')
union all
select false, 'A table public.conversations_temp exists.', 'Look whether it holds anything you need; it is left alone.'
from relation r where r.name = 'public.conversations_temp' and not exists (select from expanded)
union all
select true, format('chat_sessions is a %s, not a table.', case r.relkind when 'v' then 'view' when 'm' then 'materialized view'
        when 'f' then 'foreign table' when 'p' then 'partitioned table' else 'relation of kind ' || r.relkind::text end),
    case
        when b.base is not null then format('Give the table behind it that name: alter view %s rename to chat_sessions_view; '
                || 'alter table %s set schema public;%s', r.path, b.base,
                case when b.name <> 'chat_sessions' then format(' alter table public.%I rename to chat_sessions;', b.name) end)
        when r.relkind = 'p' then format('Make a plain table of it, then its keys, policies, triggers and grants: '
            || 'alter table %1$s rename to chat_sessions_partitioned; create table public.chat_sessions '
            || '(like public.chat_sessions_partitioned including all); insert into public.chat_sessions '
            || 'table public.chat_sessions_partitioned; alter table public.chat_sessions enable row level security;', r.path)
        else 'Migrate where the table itself is.' end
from relation r
left join lateral (
    select min(d.refobjid::regclass::text) as base, min(c.relname) as name
    from pg_rewrite w join pg_depend d on d.classid = 'pg_rewrite'::regclass and d.objid = w.oid
    join pg_class c on d.refclassid = 'pg_class'::regclass and c.oid = d.refobjid and c.relkind = 'r'
    where w.ev_class = r.oid and r.relkind = 'v' having count(distinct c.oid) = 1) b on true
where r.name = 'public.chat_sessions' and r.relkind <> 'r' and not exists (select from expanded)
union all
select distinct true, format(case v.relkind when 'v' then 'View %s shows everybody''s rows of chat_sessions, because it runs as its owner.'
        else 'Clients may read all that the materialized view %s holds of chat_sessions.' end, v.oid::regclass),
    format(case v.relkind when 'v' then 'alter view %s set (security_invoker = true);'
        else 'revoke all on %s from public, anon, authenticated;' end, v.oid::regclass)
from sessions s
join pg_depend d on d.refclassid = 'pg_class'::regclass and d.refobjid = s.oid and d.classid = 'pg_rewrite'::regclass
join pg_rewrite w on w.oid = d.objid
join pg_class v on v.oid = w.ev_class and case v.relkind
    when 'v' then coalesce(array_to_string(v.reloptions, ' '), '') !~ '\msecurity_invoker=(true|on|yes|1)\M'
    when 'm' then exists (select from pg_roles r
        where r.rolname in ('anon', 'authenticated') and has_any_column_privilege(r.oid, v.oid, 'select')) end
union all
select true, 'chat_sessions is unlogged: a crash empties it, and no table with a log can refer to it.',
    format('alter table %s set logged;', r.path)
from relation r where r.name = 'public.chat_sessions' and r.relpersistence = 'u'
union all
select true, format('%s inherits from chat_sessions.', i.inhrelid::regclass),
    format('Take its rows into the table itself, where they should be migrated: alter table %1$s no inherit %2$s; '
        || 'insert into %2$s (%3$s) select %3$s from %1$s;', i.inhrelid::regclass, s.path, (
            select string_agg(quote_ident(a.attname), ', ' order by a.attnum) from pg_attribute a
            where a.attrelid = s.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''))
from pg_inherits i join sessions s on s.oid = i.inhparent join relation r on r.oid = s.oid and r.relkind = 'r'
union all
select true, format('chat_sessions inherits from %s.', i.inhparent::regclass),
    format(case when c.relispartition then 'Detach it: alter table %2$s detach partition %1$s;'
        else 'Detach it: alter table %1$s no inherit %2$s;' end, s.path, i.inhparent::regclass)
from pg_inherits i join sessions s on s.oid = i.inhrelid join pg_class c on c.oid = s.oid
union all
select true, format('chat_sessions is there, but %s is missing.', wanted.name), 'Restore it; its rows say who may see what.'
from (values ('public.tenants'), ('public.tenant_users'), ('auth.users')) wanted(name), sessions
where not exists (select from relation r where r.name = wanted.name)
union all
select true, 'chat_sessions receives its rows from another server.',
    format('Its rename would stop that. Migrate at the other server, or leave it: alter subscription %1$I disable; '
        || 'alter subscription %1$I set (slot_name = none); drop subscription %1$I;', u.subname)
from sessions s join pg_subscription_rel l on l.srrelid = s.oid join pg_subscription u on u.oid = l.srsubid
order by 1 desc, 2
