-- Conversation History: the migration by hand, for those who cannot run the migration function or its jar.
--
-- Run the whole file as the role that owns the tables: paste it into an SQL editor, where it is one transaction, or psql -f, or
-- supabase db push under a name that sorts last. It first checks what is in the way and counts. Before it locks anything it stops if
-- there is more than fits into an editor's minute. Then three blocks do the work. Each is all or nothing, and does nothing unless the
-- ones before it succeeded, so after any error the whole file can be run again. The last statement returns one row.
--
-- On a database without chat_sessions it stops, unless you ask for a new installation: set history.fresh = 'yes';
-- More messages, where no editor waits and nobody writes:                             set history.most_messages = 1000000;
-- To go back, as the same role:                                                       select history.roll_back();
-- To complete it, days later:                                                         select history.complete();

do $migration$
declare
    questions constant text[] := array[
$question$
-- What on the server stands in the way of any change, in any phase. Changes nothing.
select true as blocks, 'The server is a standby, which is read only.' as finding, 'Connect to the primary.' as remedy
where pg_is_in_recovery()
union all
select true, 'The server is PostgreSQL ' || current_setting('server_version') || '.', 'Upgrade it to 15 or newer.'
where current_setting('server_version_num')::int < 150000
union all
select true, format('Row level security of %s applies to its owner, %s.', c.relname, case c.relname
        when 'tenant_users' then 'who would see no members' else 'who would not see what has to be migrated' end),
    format('Let it apply to the others only: alter table public.%I no force row level security;', c.relname)
from pg_class c join pg_roles r on r.rolname = current_user
where c.relrowsecurity and c.relforcerowsecurity and not r.rolbypassrls and not r.rolsuper
    and (c.oid = to_regclass('public.tenant_users') or to_regclass('public.conversations') is null
        and c.oid in (to_regclass('public.tenants'), to_regclass('public.chat_sessions')))
union all
select false, 'The database is read only by default (default_transaction_read_only), and the migration writes nevertheless.',
    'Hosts set this when a disk is nearly full: look at that first.'
from pg_settings where name = 'default_transaction_read_only' and reset_val = 'on'
union all
select false, 'The server has row_security off by default, with which no request of the functions succeeds.',
    'As an administrator: alter system reset row_security; select pg_reload_conf(); a host may have it among its parameters.'
from pg_settings where name = 'row_security' and reset_val = 'off'
    and not exists (select from pg_db_role_setting d where d.setconfig::text ~ 'row_security=') -- of which the guard knows
union all
select false, format('A transaction of %s has been open for %s minutes.', coalesce(usename, '?'),
        round(extract(epoch from now() - xact_start) / 60)),
    format('It keeps indexes from being built. Let it end, or end it: select pg_terminate_backend(%s);', pid)
from pg_stat_activity
where datname = current_database() and pid <> pg_backend_pid() and xact_start < now() - interval '5 minutes'
union all
select false, format('The prepared transaction "%s" of %s has been open since %s.', gid, owner, prepared::timestamptz(0)),
    format('It keeps indexes from being built, and may lock what the migration needs. Commit it, or: rollback prepared %L;', gid)
from pg_prepared_xacts where database = current_database()
union all
-- Those of a platform belong to extensions or to a superuser, and let everybody work.
select false, format('The event trigger %I calls %s, which can refuse what the migration does.', e.evtname, e.evtfoid::regprocedure),
    format('If it does, let its owner switch it off for that time: alter event trigger %I disable;', e.evtname)
from pg_event_trigger e join pg_proc p on p.oid = e.evtfoid
where e.evtenabled not in ('D', 'R') and p.prosrc ~* '\mraise\s+exception\M'
    and not exists (select from pg_depend d where d.objid in (e.oid, p.oid) and d.deptype = 'e')
order by 1 desc, 2
$question$,
$question$
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
$question$,
$question$
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
$question$,
$question$
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
$question$,
$question$
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
$question$,
$question$
-- Rights that the migrating role lacks, and roles that are missing; in any phase. Reads the catalogue only.
with owned as (
    select c.oid::regclass as path, r.rolname, r.rolsuper, r.rolcanlogin from pg_class c join pg_roles r on r.oid = c.relowner
    join pg_namespace n on n.oid = c.relnamespace
    where n.nspname || '.' || c.relname in ('public.chat_sessions', 'public.conversations', 'public.tenant_users', 'history.state')
        and not pg_has_role(current_user, r.oid, 'usage')
        and (c.relname <> 'state' or exists (select from pg_attribute where attrelid = c.oid and attname = 'backfilled_to'))
)
select true as blocks, format('%s may not change %s, which belongs to %s.', current_user, o.path, o.rolname) as finding,
    case
        -- A platform's superuser is granted to nobody; on Supabase its dashboard works as it.
        when o.rolsuper then format('As %s (on Supabase: in the dashboard; else as whoever runs the server): alter table %s owner to %I;',
            o.rolname, o.path, current_user)
        else format('%sgrant %I to %I;', case when o.rolcanlogin then format('Connect as %s, or: ', o.rolname) end, o.rolname, current_user)
    end as remedy
from owned o
union all
select true, format('%s may not read %I.%I.', current_user, n.nspname, c.relname),
    format('As its owner: grant usage on schema %1$I to %3$I; grant select, references on %1$I.%2$I to %3$I;',
        n.nspname, c.relname, current_user)
from pg_class c join pg_namespace n on n.oid = c.relnamespace
where n.nspname || '.' || c.relname in ('auth.users', 'public.tenants')
    and not (has_schema_privilege(n.oid, 'usage') and has_table_privilege(c.oid, 'select'))
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
order by 1 desc, 2
$question$,
$question$
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
$question$,
$question$
select blocks, finding, remedy from (
    with recursive leads_back as (
        select to_regclass('public.tenant_users')::oid as relation
        union
        select r.reader
        from leads_back b join (
            select p.polrelid as reader, d.refobjid as relation
            from pg_policy p join pg_class c on c.oid = p.polrelid and c.relrowsecurity
            join pg_depend d on d.classid = 'pg_policy'::regclass and d.objid = p.oid and d.refclassid = 'pg_class'::regclass
            union all
            select v.oid, d.refobjid
            from pg_class v join pg_rewrite w on w.ev_class = v.oid and v.reloptions::text ~ 'security_invoker=(true|on|yes|1)'
            join pg_depend d on d.classid = 'pg_rewrite'::regclass and d.objid = w.oid and d.refclassid = 'pg_class'::regclass
        ) r on r.relation = b.relation
    ), part as (
        select v.*, e.clause, e.expression, e.expression ~ 'public\.tenant_users\M' as direct,
            exists (select from pg_depend d join leads_back b on b.relation = d.refobjid and b.relation <> p.polrelid
                where d.classid = 'pg_policy'::regclass and d.objid = p.oid and d.refclassid = 'pg_class'::regclass) as chained,
            -- Normalises the spellings: m is a row of tenant_users, U that it is the caller's, T of this tenant, R an admin's.
            replace(replace(replace(replace(replace(replace(replace(replace(replace(regexp_replace(regexp_replace(
                regexp_replace(e.expression, '\s+', ' ', 'g'), 'FROM public\.tenant_users( \w+)?', 'FROM m'),
                '\m' || coalesce(substring(e.expression from 'FROM public\.tenant_users (\w+)'), 'm') || '\.', 'm.', 'g'),
                '( SELECT auth.uid() AS uid)', 'auth.uid()'), '(auth.uid() = m.user_id)', 'U'), '(m.user_id = auth.uid())', 'U'),
                '(m.tenant_id = tenant_users.tenant_id)', 'T'), '(tenant_users.tenant_id = m.tenant_id)', 'T'),
                '((m.role)::text = ''admin''::text)', 'R'), '(m.role = ''admin''::text)', 'R'),
                '((auth.uid() = user_id) OR ', '(own OR '), '((user_id = auth.uid()) OR ', '(own OR ') as form
        from pg_policy p join pg_class c on c.oid = p.polrelid and c.relrowsecurity
        join pg_policies v on v.schemaname = 'public' and v.tablename = 'tenant_users' and v.policyname = p.polname
        cross join lateral (values ('using', v.qual), ('with check', v.with_check)) e(clause, expression)
        where p.polrelid = to_regclass('public.tenant_users') and e.expression is not null
    ), policy as (
        select p.policyname, p.permissive, bool_and(not p.chained and (p.roles in ('{public}', '{authenticated}'))
                and (p.cmd = 'SELECT' or p.form ~ '\yR\y' and p.form !~ '^\(own') and regexp_replace(p.form, ' AND R|R AND ', '')
                ~ ('^(\(own OR )?\((tenant_id (IN \(|= ANY \(ARRAY\() SELECT m\.tenant_id FROM m WHERE \(?U\)?\)+|EXISTS \( SELECT( 1)? '
                || 'FROM m WHERE \((T AND U|U AND T)\)\)|auth\.uid\(\) IN \( SELECT m\.user_id FROM m WHERE \(?T\)?\))\)+$')
                or not p.direct and not p.chained) as known,
            string_agg(format('%s (%stenant_id = any (array(select history.%s())))', p.clause,
                case when p.form ~ '^\(own' then 'user_id = auth.uid() or ' end,
                case when p.form ~ '\yR\y' then 'my_admin_tenants' else 'my_tenants' end), ' ') filter (where p.direct) as mend,
            format('create policy %I on public.tenant_users as %s for %s to %s ', p.policyname, lower(p.permissive), lower(p.cmd),
                (select string_agg(quote_ident(r), ', ') from unnest(p.roles) r))
                || string_agg(format('%s (%s)', p.clause, p.expression), ' ') as statement,
            string_agg(p.clause || ' (false)', ' ') as nobody
        from part p group by p.policyname, p.permissive, p.cmd, p.roles having bool_or(p.direct or p.chained)
    )
    select not p.known as blocks,
        case when not p.known then 'A policy of tenant_users recurses in a way that is not known: ' || p.statement end as finding,
        case when not p.known then 'It fails for everybody. Take it away, and after migrate write it with history.my_tenants() or '
            'history.my_admin_tenants(): ' || case when p.permissive = 'PERMISSIVE'
                then format('drop policy %I on public.tenant_users;', p.policyname)
            else format('alter policy %I on public.tenant_users %s;', p.policyname, p.nobody) end end as remedy,
        case when p.known then format('alter policy %I on public.tenant_users to authenticated %s', p.policyname, p.mend) end as mend
    from policy p
) q where finding is not null order by finding
$question$,
$question$
select blocks, finding, remedy from (
    with part as (
        select p.*, e.clause, e.expression, e.expression ~ 'public\.chat_sessions\M|\mchat_sessions\.\*' as recurses,
            -- Normalises the spellings: O means that the row is the caller's; m, U, T and R as in membership_policies.
            replace(replace(replace(replace(replace(replace(replace(replace(replace(regexp_replace(regexp_replace(
                regexp_replace(e.expression, '\s+', ' ', 'g'), 'FROM public\.tenant_users( (?!WHERE)\w+)?', 'FROM m'), '\m'
                || coalesce(substring(e.expression from 'FROM public\.tenant_users (?!WHERE)(\w+)'), 'tenant_users') || '\.', 'm.', 'g'),
                '( SELECT auth.uid() AS uid)', 'auth.uid()'), '(auth.uid() = m.user_id)', 'U'), '(m.user_id = auth.uid())', 'U'),
                '(m.tenant_id = chat_sessions.tenant_id)', 'T'), '(chat_sessions.tenant_id = m.tenant_id)', 'T'),
                '((m.role)::text = ''admin''::text)', 'R'), '(m.role = ''admin''::text)', 'R'),
                '(auth.uid() = user_id)', 'O'), '(user_id = auth.uid())', 'O') as form
        from pg_policies p
        left join lateral (values ('using', p.qual), ('with check', p.with_check)) e(clause, expression) on e.expression is not null
        where p.schemaname = 'public' and p.tablename = 'chat_sessions'
    ), policy as (
        select p.policyname, p.permissive = 'PERMISSIVE' as permits, coalesce(bool_or(p.recurses), false) as recurses,
            p.permissive = 'PERMISSIVE' and coalesce(bool_and(
                p.form in ('(auth.role() = ''service_role''::text)', '((auth.jwt() ->> ''role''::text) = ''service_role''::text)')
                or p.roles = '{service_role}' and p.form in ('true', '(CURRENT_USER = ''service_role''::name)')
                or (p.form ~ '\yO\y') <> (p.form ~ '\yR\y' and p.cmd = 'SELECT')
                    and regexp_replace(p.form, ' AND R|R AND ', '') ~ ('^\(*(O( AND )?)?(\((tenant_id IN \( SELECT m\.tenant_id FROM m '
                    || 'WHERE \(?U\)?\)|EXISTS \( SELECT( 1)? FROM m WHERE \((T AND U|U AND T)\)\))\))?( AND O)?\)*$')), false) as known,
            exists (select from unnest(p.roles) r where case when r = 'public' then true else exists (
                select from pg_roles c where c.rolname in ('anon', 'authenticated') and pg_has_role(c.oid, r, 'usage')) end) as for_callers,
            format('create policy %I on public.chat_sessions as %s for %s to %s ', p.policyname, lower(p.permissive), lower(p.cmd),
                (select string_agg(quote_ident(r), ', ') from unnest(p.roles) r))
                || coalesce(string_agg(p.clause || ' (' || p.expression || ')', ' '), '') as statement,
            string_agg(p.clause || ' (false)', ' ') as nobody,
            p.policyname ~ '^(own_(select|insert|update|delete)|admin_select|service_role_\w+|maintenance)$' as named_like_ours
        from part p group by p.policyname, p.permissive, p.cmd, p.roles
    )
    select v.blocks, v.words || ': ' || p.statement as finding, v.advice || case
            when v.blocks is not true then ''
            when p.verdict = 'name'
                then format('alter policy %I on public.chat_sessions rename to %I;', p.policyname, 'team_' || p.policyname)
            when p.permits then format('drop policy %I on public.chat_sessions;', p.policyname)
            else format('alter policy %I on public.chat_sessions %s;', p.policyname, p.nobody) end as remedy,
        p.policyname::text as name, p.known as replaced
    from (
        select p.*, case when p.known then 'known' when p.recurses then 'recurses' when p.permits and p.for_callers then 'allows'
            when p.named_like_ours then 'name' else 'carried' end as verdict
        from policy p) p
    left join (values
        ('recurses', true, 'A policy of chat_sessions reads the table itself, or all columns, of which there will be more',
            'Until it is written in another way: '),
        ('allows', true, 'A policy of chat_sessions allows something other than users having their own conversations, and admins reading '
            'those of their tenant', 'Take it away; make it again as restrictive, if it is to narrow that: '),
        ('name', true, 'A policy of chat_sessions has a name that the migration needs', 'Rename it: '),
        ('carried', false, 'A policy of chat_sessions will hold for conversations and their messages', 'Nothing is to be done.')
    ) v(verdict, blocks, words, advice) on v.verdict = p.verdict
) q where finding is not null order by finding
$question$,
$question$
select blocks, finding, remedy from (
    with found as (
        select t.tgname, t.tgtype, t.tgargs, t.tgenabled <> 'D' as enabled, f.oid::regprocedure as function, f.proname, l.lanname,
            exists (select from unnest(f.proconfig) c where c like 'search_path=%') as has_path, pg_get_triggerdef(t.oid) as definition,
            regexp_replace(regexp_replace(f.prosrc, '/\*.*?\*/|--[^\n]*', ' ', 'g'), '\s+', ' ', 'g') as source,
            (select s.reset_val from pg_settings s where s.name = 'search_path') as path
        from pg_trigger t join pg_proc f on f.oid = t.tgfoid join pg_language l on l.oid = f.prolang
        where t.tgrelid = to_regclass('public.chat_sessions') and not t.tgisinternal
            and f.pronamespace is distinct from to_regnamespace('history') -- what erase has left
    ), trigger_ as (
        select f.*, f.tgtype in (19, 23) and ( -- before update, or insert or update, for each row
                f.lanname = 'plpgsql' and f.source ~* ('^ ?begin new\."?updated_at"? ?:?= ?(now\(\)|current_timestamp|localtimestamp|'
                    || '(clock|statement|transaction)_timestamp\(\)|timezone\(''utc''(::text)?, ?(now\(\)|current_timestamp)\)|'
                    || '\(?(now\(\)|current_timestamp) at time zone ''utc''\)?) ?; ?return new ?; ?end ?;? ?$')
                or f.lanname = 'c' and f.proname = 'moddatetime' and f.tgargs = 'updated_at'::bytea || '\x00'::bytea) as replaced,
            f.enabled and f.tgtype & 3 = 3 and f.tgtype & 20 <> 0 and f.lanname not in ('c', 'internal') as shapes
        from found f
    )
    select true as blocks, format('Trigger %s of chat_sessions %s: %s', t.tgname, v.words, t.definition) as finding,
        v.remedy, null as name, false as replaced
    from trigger_ t
    cross join lateral (values
        (t.tgname ~ '^history_', 'has a name that the migration needs', 'Rename it',
            format('alter trigger %I on public.chat_sessions rename to %I', t.tgname, left('team_' || t.tgname, 63))),
        (t.shapes and t.source ~* '(^|;|\m(begin|then|else|loop|into)) ?new\."?messages"? ?([:=,;]|from)',
            'writes the array itself, so it would differ from its rows', 'Let the application do that, and take it away',
            format('drop trigger %I on public.chat_sessions', t.tgname)),
        (t.shapes and t.tgname > 'history_' collate "C" and t.tgname !~ '^history_'
                and (t.lanname <> 'plpgsql' or t.source ~* '(^|;|\m(begin|then|else|loop|into)) ?new\M'),
            'changes rows after the migration has read them', 'Triggers work in the order of their names. Let it come first',
            format('alter trigger %I on public.chat_sessions rename to %I', t.tgname, left('a_' || t.tgname, 63))),
        (t.enabled and not t.has_path and t.lanname not in ('c', 'internal'), 'calls a function that has no search_path of its own, so '
            'that names in it may mean nothing when a function of the API writes', 'Give it the one that it has today',
            format('alter function %s set search_path = %s, pg_temp', t.function, coalesce(nullif(t.path, ''), 'public')))
        ) w(applies, words, advice, statement)
    cross join lateral (select w.words, w.advice || ': ' || w.statement || ';') v(words, remedy)
    where w.applies and not t.replaced
    union all
    select false, case when not t.replaced then format('Trigger %s of chat_sessions will be one of conversations%s%s: %s', t.tgname, case when t.tgtype & 16 <> 0 then '; it rests while the backfill works' else '' end,
            case when t.enabled then '' else '; it stays disabled' end, t.definition) end,
        case when not t.replaced then format('Look whether %s says chat_sessions, and before complete whether it reads the array.', t.function) end, t.tgname, t.replaced
    from trigger_ t
) q where finding is not null order by finding
$question$,
$question$
select blocks, finding, remedy from (-- What a team has added to chat_sessions and tenant_users that would be in the way, or that a person should know.
with relation as (
    select c.* from pg_class c where c.oid = to_regclass('public.chat_sessions') and c.relkind = 'r'
)
select true as blocks, 'A rule of chat_sessions would work on what the migration writes: ' || pg_get_ruledef(u.oid) as finding,
    format('A trigger can do the same. Take it away: drop rule %I on public.chat_sessions;', u.rulename) as remedy
from relation c join pg_rewrite u on u.ev_class = c.oid
union all
select false, 'Row level security of chat_sessions is not enabled, so authenticated gets no right to it: the functions answer after migrate only.',
    'Go on with migrate, which makes policies; or make policies first, and: alter table public.chat_sessions enable row level security;'
from relation c join pg_roles r on r.rolname = 'authenticated'
where not c.relrowsecurity and not has_table_privilege(r.oid, c.oid, 'select')
union all
select true, format('%s may %s chat_sessions by a grant of %s, which only that role can take back.', g.grantee, lower(a.privilege_type), g.grantor),
    format('As that role: set role %s; revoke %s on public.chat_sessions from %s; reset role;', g.grantor, a.privilege_type, g.grantee)
from relation c cross join lateral aclexplode(c.relacl) a
cross join lateral (select case a.grantee when 0 then 'public' else a.grantee::regrole::text end, a.grantor::regrole::text) g(grantee, grantor)
where a.grantor <> c.relowner and (
    g.grantee in ('public', 'anon', 'authenticated', 'service_role') or g.grantor in ('anon', 'authenticated', 'service_role'))
union all
select false, format('The publication %s publishes chat_sessions, and will publish it under its new name, conversations.', p.pubname),
    'Let its subscribers expect that.'
from relation c join pg_publication_rel r on r.prrelid = c.oid join pg_publication p on p.oid = r.prpubid
union all
select false, format('The publication %s publishes all tables: also messages, and those of schema history, with a secret in one of them.',
        p.pubname), 'Where its subscribers may not have that, let it name its tables.'
from relation c join pg_publication p on p.puballtables
) q where finding is not null order by finding
$question$
    ];
    question text;
    each record;
    owner name;
    blocking text := '';
    remarks text := '';
    most constant bigint := coalesce(nullif(current_setting('history.most_messages', true), ''), '250000')::bigint;
    messages bigint := 0;
begin
    perform pg_catalog.set_config('history.by_hand', '', false);
    perform pg_catalog.set_config('search_path', 'pg_catalog, pg_temp', true);
    select r.rolname into owner
    from pg_catalog.pg_attribute a
    join pg_catalog.pg_class c on c.oid = a.attrelid and c.relname = 'state'
    join pg_catalog.pg_namespace n on n.oid = c.relnamespace and n.nspname = 'history'
    join pg_catalog.pg_roles r on r.oid = n.nspowner
    where a.attname = 'backfilled_to'
        and pg_catalog.pg_has_role(current_user, r.oid, 'member');
    if found then -- what another role makes belongs to it, and its functions would work as it
        perform pg_catalog.set_config('role', owner, true);
    end if;
    foreach question in array questions loop
        continue when question ~ 'from public.chat_sessions s' and (blocking <> '' or not exists (
            select from pg_class c where c.oid = to_regclass('public.chat_sessions') and c.relkind = 'r'));
        for each in execute question loop
            if each.blocks then
                blocking := blocking || format(E'\n* %s\n  %s', each.finding, each.remedy);
            else
                remarks := remarks || format('%s %s ', each.finding, each.remedy);
            end if;
        end loop;
    end loop;
    if blocking <> '' then
        raise exception using message = 'Nothing was changed. In the way:' || blocking;
    end if;
    if to_regclass('public.chat_sessions') is null and to_regclass('public.conversations') is null
        and coalesce(current_setting('history.fresh', true), '') <> 'yes' then
        raise exception 'Nothing was changed: there is no table public.chat_sessions.'
            using hint = 'If you want a new installation here, put this before the file: set history.fresh = ''yes'';';
    end if;

execute $statement$
do $definitions$
begin
    perform pg_catalog.set_config('client_min_messages', 'warning', true);
    -- Names in a body that is read now must not mean what somebody has put into public.
    perform pg_catalog.set_config('search_path', 'pg_catalog, pg_temp', true);
    execute $file$
do $$
declare
    wanted text;
begin
    foreach wanted in array array['anon', 'authenticated', 'service_role'] loop
        if not exists (select from pg_catalog.pg_roles where rolname = wanted) then
            begin
                execute pg_catalog.format('create role %I nologin noinherit', wanted);
            exception when duplicate_object or unique_violation then
                null; -- another database of the same server made it in this moment
            end;
        end if;
    end loop;
end $$;

-- The role that the functions log in with: it owns nothing, bypasses nothing, and can only become authenticated.
do $$
begin
    if not exists (select from pg_catalog.pg_roles where rolname = 'history_functions') then
        create role history_functions login noinherit;
    end if;
    if not pg_catalog.pg_has_role('history_functions', 'authenticated', 'member') then
        grant authenticated to history_functions;
    end if;
exception
    when duplicate_object or unique_violation then
        null;
    when insufficient_privilege then
        raise warning 'The role history_functions could not be made: %', sqlerrm;
end $$;

-- A function is frozen between two calls and cannot close its connection, so the server does; what is set already stays.
do $$
begin
    if not exists (
        select from pg_catalog.pg_db_role_setting s cross join lateral pg_catalog.unnest(s.setconfig) c(setting)
        where s.setrole = 'history_functions'::regrole and c.setting like 'idle_session_timeout=%'
    ) then
        alter role history_functions set idle_session_timeout = '300s';
    end if;
exception
    when insufficient_privilege or undefined_object then
        raise warning 'The role history_functions could not be altered: %', sqlerrm;
end $$;

-- The private schema and the state of the migration.
--
-- Functions that do the migration's own work have the search_path history_maintenance. That schema does not exist, so the path is as
-- safe as an empty one, and it serves as a mark. (A setting of our own would be the obvious mark, but only a superuser may attach one
-- to a function.) With this path, and only for the owner, the forced policies let everything pass and the triggers do nothing: so the
-- mirrors do not feed each other, and a backfill changes no updated_at. Every path names pg_temp last; left out, it would come first.

do $$
declare
    owner constant text := (select n.nspowner::regrole::text from pg_catalog.pg_namespace n where n.nspname = 'history');
begin
    if owner <> quote_ident(current_user) then
        raise exception 'Schema history belongs to %, and so must what is made in it.', owner
            using hint = format('set role %s; then run this again.', owner);
    end if;
end $$;
create schema if not exists history;
revoke all on schema history from public;

-- One row: the phase of the migration, and what a rollback needs to restore.
create table if not exists history.state (
    only_row boolean primary key default true check (only_row),
    phase text not null default 'prepared' check (phase in ('prepared', 'expanded', 'backfilled', 'migrated', 'complete')),
    fresh boolean not null default false,
    backfilled_to uuid not null default '00000000-0000-0000-0000-000000000000',
    original jsonb not null default '{}',
    changed_at timestamptz not null default now()
);
do $$
begin
    if not exists (select from pg_catalog.pg_attribute where attrelid = 'history.state'::regclass and attname = 'upgraded_to') then
        alter table history.state add column if not exists schema integer default 1, add column if not exists version text,
            add column upgraded_to uuid not null default '00000000-0000-0000-0000-000000000000';
        alter table history.state alter column schema drop default;
    end if;
end $$;
-- The first version had no numbered steps.
comment on column history.state.schema is 'the last numbered step that was done; null: the tables are yet to be made';
comment on column history.state.version is 'the version that made the schema as it is';
insert into history.state (schema) values (null) on conflict do nothing;

-- The run that holds the lease.
create table if not exists history.lease (
    only_row boolean primary key default true check (only_row),
    holder text not null, action text not null, backend integer not null,
    since timestamptz not null default now(), heartbeat timestamptz not null default now());

-- Each function of this schema as this version defined it.
create table if not exists history.definition (name text primary key, digest text not null);

-- Functions of the first version that nothing calls any more, and signatures that have been extended since.
drop function if exists history.grant_access(), history.protect(regclass, text, text), history.attach_counters(text),
    history.add_foreign_keys(), history.add_not_null(), history.validate(), history.set_not_null(), history.force(), history.complete(),
    history.is_large(uuid, bigint, bigint, bigint), history.converted_to(uuid), history.define_pending(boolean),
    history.release_quarantine(),
    history.remember_definitions(text[]), history.function_differences(text), history.taken_over(public.conversations),
    history.list_conversations(boolean, timestamptz, uuid, integer), history.delete_conversation(uuid, bigint[]),
    history.patch_conversation(uuid, text, boolean, jsonb, bigint[], integer),
    history.get_conversation(uuid, text, bigint, integer, bigint), history.page_ids(boolean, boolean[], timestamptz, uuid, integer),
    history.convert(uuid[]), history.excess(jsonb, integer), history.with_step(jsonb, text),
    history.shown_state(text, text, jsonb, timestamptz, timestamptz);
do $$
declare
    old regprocedure;
begin
    for old in
        select p.oid from pg_catalog.pg_proc p
        join (values ('backfill_batch', 'yields_to'), ('messages_between', 'replaced'), ('claim_turn', 'ui_parts'), ('take_turn', 'limits'),
            ('continue_turn', 'key'), ('question_in_array', 'key'), ('keep_deletion', 'messages'), ('rewrite', 'api')) n(name, argument) on n.name = p.proname and not n.argument = any (p.proargnames)
        where p.pronamespace = 'history'::regnamespace
    loop
        execute pg_catalog.format('drop function %s', old);
    end loop;
end $$;
-- Anything else is defined again, and recorded.
delete from history.definition d
where d.name not in (select p.oid::pg_catalog.regprocedure::text from pg_catalog.pg_proc p where p.pronamespace = 'history'::regnamespace);

-- Elements that cannot be messages: fix one here and migrate again, and it becomes a message.
-- position is the place in the conversation's order; 0: the whole column.
create table if not exists history.quarantine (
    tenant_id uuid not null, conversation_id uuid not null, "position" bigint not null, reason text not null,
    element jsonb not null, created_at timestamptz not null default now(), primary key (tenant_id, conversation_id, "position"));
alter table history.quarantine add column if not exists original jsonb; -- the element, where somebody has edited it

-- Values that were null or blank before the migration, for the rollback.
create table if not exists history.remembered (
    conversation_id uuid primary key, was jsonb not null, became jsonb not null);

-- After a rollback: the replaced messages, which arrays cannot hold; and under a conversation's own id, whether it is archived and its
-- labels.
create table if not exists history.replaced (
    conversation_id uuid, message_id uuid, message jsonb not null, primary key (conversation_id, message_id));

-- Labels of conversations with the columns that lists are ordered by. Only history.labelled_ids reads it.
create table if not exists history.labelled (
    tenant_id uuid not null, user_id uuid not null, label text not null, archived boolean not null, place timestamptz not null,
    conversation_id uuid not null, primary key (conversation_id, label));
create index if not exists labelled_own_idx on history.labelled (tenant_id, user_id, label, archived, place desc, conversation_id desc);
create index if not exists labelled_tenant_idx on history.labelled (tenant_id, label, archived, place desc, conversation_id desc);

-- Ids of deleted conversations and messages, so that no retry, no client's list and no late end creates them again; none of their
-- content. Each for its user alone: others may have used the id, or say that they did. erased: a conversation that erase or prune has deleted, which nobody stores again.
create table if not exists history.deleted (
    tenant_id uuid not null, user_id uuid not null, id uuid not null, erased boolean not null default false,
    primary key (tenant_id, user_id, id));
do $$
begin
    if not exists (select from pg_catalog.pg_attribute where attrelid = 'history.deleted'::regclass and attname = 'erased') then
        alter table history.deleted add column erased boolean not null default false; -- without a lock if it is there
    end if;
    if exists (
        select from pg_catalog.pg_constraint k
        where k.conrelid = 'history.deleted'::regclass and k.contype = 'p' and cardinality(k.conkey) = 1)
    then
        alter table history.deleted drop constraint deleted_pkey, add primary key (tenant_id, user_id, id);
    end if;
end $$;

-- The progress of a conversation that is too large for one commit.
create table if not exists history.progress (conversation_id uuid primary key, converted bigint not null);

-- When each user's turns of the last minute were granted.
create table if not exists history.granted_turns (
    tenant_id uuid not null,
    user_id uuid not null,
    moments timestamptz[] not null,
    primary key (tenant_id, user_id)
);

-- The tokens that each tenant's answers have taken on a day (UTC); rows of earlier days are deleted when a day begins.
create table if not exists history.spent_tokens (
    tenant_id uuid not null,
    day date not null,
    tokens bigint not null,
    primary key (tenant_id, day)
);

-- Adds the columns for turns and lists. Existing rows get constants, so no row is rewritten; revision stays null until a conversation
-- has been taken over, and its updated_at is its version until then. Locks both tables for milliseconds, once. Called by expand and,
-- for the schema of an earlier version, before the definitions, which use the columns.
create or replace function history.add_columns() returns void
language plpgsql set search_path = pg_catalog, pg_temp
as $$
begin
    if exists (
        select from pg_attribute a where a.attrelid = 'public.messages'::regclass and a.attname = 'parts' and not a.attisdropped)
    then
        return;
    end if;
    alter table public.conversations
        add column archived boolean not null default false,
        add column labels text[] not null default '{}',
        add column last_message_at timestamptz,
        add column revision bigint; -- grows with every visible change
    alter table public.messages
        add column status text not null default 'completed', -- of an answer; if it is not running it has ended
        add column current boolean not null default true, -- shown; not a version or an answer that another one replaced
        add column reply_to uuid, -- the question of an answer
        add column lease_until timestamptz, -- until when nobody else answers; null when nobody does
        add column client_id text, -- what the client calls the message, or the id of its element
        add column request_key text, -- the Idempotency-Key of the request that wanted the answer
        add column request_hash text, -- of its body
        add column model text, add column input_tokens integer, add column output_tokens integer, add column parts jsonb;
    if to_regprocedure('history.pending_messages(uuid, uuid)') is not null then -- it gives whole rows
        execute replace(pg_get_functiondef(to_regprocedure('history.pending_messages(uuid, uuid)')), 'e.metadata, e.created_at',
            'e.metadata, e.created_at, ''completed'', true, null::uuid, null::timestamptz, null, null, null, null, null::integer, '
            'null::integer, null::jsonb');
    end if;
end $$;

do $$
begin
    if to_regclass('public.messages') is not null and (select s.phase from history.state s) <> 'prepared' then
        perform history.add_columns();
    end if;
end $$;

-- What the functions of the API return. This is their contract, whatever the tables look like: fields are only added, at the end.
do $$
begin
    if to_regtype('history.conversation') is null then
        create type history.conversation as (
            id uuid, tenant_id uuid, user_id uuid, title text, metadata jsonb, created_at timestamptz, updated_at timestamptz,
            message_count bigint, archived boolean, labels text[], last_message_at timestamptz, revision bigint); -- revision: its version
        create type history.message as (
            id uuid, conversation_id uuid, seq bigint, role text, content text, metadata jsonb, created_at timestamptz,
            status text); -- running: an answer that is being made just now
    end if;
end $$;

-- The functions of the API, each in two versions with one signature: for arrays, before expand, and for rows, after it.
create table if not exists history.edition (
    edition text not null, -- arrays or rows
    place integer not null, -- in which order they are defined
    name text not null, definition text not null, primary key (edition, name));
delete from history.edition; -- what follows fills it

-- The version of a conversation that has no revision yet: its updated_at in microseconds, or the nearest time of the years 1970 to 9999.
-- The revision starts from it, so it is the same before and after expand, and lower than any after a rollback.
create or replace function history.version_of(updated_at timestamptz) returns bigint
language sql immutable parallel safe
return (extract(epoch from least(greatest(updated_at, timestamptz '1970-01-01 00:00:00+00'),
    timestamptz '9999-12-31 23:59:59.999999+00')) * 1000000)::bigint;

-- A session as the API shows it. It stays when the editions are exchanged, for calls that have begun, and so names no table.
create or replace function history.shown_session(
    id uuid, tenant_id uuid, user_id uuid, title text, metadata jsonb, created_at timestamptz, updated_at timestamptz, messages jsonb)
returns history.conversation
language plpgsql immutable set search_path = pg_catalog, pg_temp
as $$
declare
    changed constant timestamptz := coalesce(updated_at, created_at, to_timestamp(0));
begin
    return row(id, tenant_id, user_id, case when title ~ '\S' then title else 'New Conversation' end,
        case when octet_length(metadata::text) > 65536 then '{"omitted": true}' else coalesce(metadata, '{}') end,
        coalesce(created_at, updated_at, to_timestamp(0)), changed, history.element_count(messages),
        false, '{}', changed, history.version_of(changed))::history.conversation;
end $$;

-- The pattern of text in which nothing is visible, as in Java's Blank: only controls, format characters, spaces, combining marks without
-- a base, default ignorable characters, the blanks of Braille and music, and the object replacement character. Unicode 16.
create or replace function history.unseen() returns text
language sql immutable parallel safe
return
    '^[\u0001-\u0020\u007F-\u00A0\u00AD\u0300-\u036F\u0483-\u0489\u0591-\u05BD\u05BF\u05C1\u05C2\u05C4\u05C5\u05C7\u0600-\u0605'
    '\u0610-\u061A\u061C\u064B-\u065F\u0670\u06D6-\u06DD\u06DF-\u06E4\u06E7\u06E8\u06EA-\u06ED\u070F\u0711\u0730-\u074A\u07A6-\u07B0'
    '\u07EB-\u07F3\u07FD\u0816-\u0819\u081B-\u0823\u0825-\u0827\u0829-\u082D\u0859-\u085B\u0890\u0891\u0897-\u089F\u08CA-\u0903'
    '\u093A-\u093C\u093E-\u094F\u0951-\u0957\u0962\u0963\u0981-\u0983\u09BC\u09BE-\u09C4\u09C7\u09C8\u09CB-\u09CD\u09D7\u09E2\u09E3\u09FE'
    '\u0A01-\u0A03\u0A3C\u0A3E-\u0A42\u0A47\u0A48\u0A4B-\u0A4D\u0A51\u0A70\u0A71\u0A75\u0A81-\u0A83\u0ABC\u0ABE-\u0AC5\u0AC7-\u0AC9'
    '\u0ACB-\u0ACD\u0AE2\u0AE3\u0AFA-\u0AFF\u0B01-\u0B03\u0B3C\u0B3E-\u0B44\u0B47\u0B48\u0B4B-\u0B4D\u0B55-\u0B57\u0B62\u0B63\u0B82'
    '\u0BBE-\u0BC2\u0BC6-\u0BC8\u0BCA-\u0BCD\u0BD7\u0C00-\u0C04\u0C3C\u0C3E-\u0C44\u0C46-\u0C48\u0C4A-\u0C4D\u0C55\u0C56\u0C62\u0C63'
    '\u0C81-\u0C83\u0CBC\u0CBE-\u0CC4\u0CC6-\u0CC8\u0CCA-\u0CCD\u0CD5\u0CD6\u0CE2\u0CE3\u0CF3\u0D00-\u0D03\u0D3B\u0D3C\u0D3E-\u0D44'
    '\u0D46-\u0D48\u0D4A-\u0D4D\u0D57\u0D62\u0D63\u0D81-\u0D83\u0DCA\u0DCF-\u0DD4\u0DD6\u0DD8-\u0DDF\u0DF2\u0DF3\u0E31\u0E34-\u0E3A'
    '\u0E47-\u0E4E\u0EB1\u0EB4-\u0EBC\u0EC8-\u0ECE\u0F18\u0F19\u0F35\u0F37\u0F39\u0F3E\u0F3F\u0F71-\u0F84\u0F86\u0F87\u0F8D-\u0F97'
    '\u0F99-\u0FBC\u0FC6\u102B-\u103E\u1056-\u1059\u105E-\u1060\u1062-\u1064\u1067-\u106D\u1071-\u1074\u1082-\u108D\u108F\u109A-\u109D'
    '\u115F\u1160\u135D-\u135F\u1680\u1712-\u1715\u1732-\u1734\u1752\u1753\u1772\u1773\u17B4-\u17D3\u17DD\u180B-\u180F\u1885\u1886\u18A9'
    '\u1920-\u192B\u1930-\u193B\u1A17-\u1A1B\u1A55-\u1A5E\u1A60-\u1A7C\u1A7F\u1AB0-\u1ACE\u1B00-\u1B04\u1B34-\u1B44\u1B6B-\u1B73'
    '\u1B80-\u1B82\u1BA1-\u1BAD\u1BE6-\u1BF3\u1C24-\u1C37\u1CD0-\u1CD2\u1CD4-\u1CE8\u1CED\u1CF4\u1CF7-\u1CF9\u1DC0-\u1DFF\u2000-\u200F'
    '\u2028-\u202F\u205F-\u206F\u20D0-\u20F0\u2800\u2CEF-\u2CF1\u2D7F\u2DE0-\u2DFF\u3000\u302A-\u302F\u3099\u309A\u3164\uA66F-\uA672'
    '\uA674-\uA67D\uA69E\uA69F\uA6F0\uA6F1\uA802\uA806\uA80B\uA823-\uA827\uA82C\uA880\uA881\uA8B4-\uA8C5\uA8E0-\uA8F1\uA8FF\uA926-\uA92D'
    '\uA947-\uA953\uA980-\uA983\uA9B3-\uA9C0\uA9E5\uAA29-\uAA36\uAA43\uAA4C\uAA4D\uAA7B-\uAA7D\uAAB0\uAAB2-\uAAB4\uAAB7\uAAB8\uAABE\uAABF'
    '\uAAC1\uAAEB-\uAAEF\uAAF5\uAAF6\uABE3-\uABEA\uABEC\uABED\uFB1E\uFE00-\uFE0F\uFE20-\uFE2F\uFEFF\uFFA0\uFFF0-\uFFFC\U000101FD\U000102E0'
    '\U00010376-\U0001037A\U00010A01-\U00010A03\U00010A05\U00010A06\U00010A0C-\U00010A0F\U00010A38-\U00010A3A\U00010A3F'
    '\U00010AE5\U00010AE6\U00010D24-\U00010D27\U00010D69-\U00010D6D\U00010EAB\U00010EAC\U00010EFC-\U00010EFF\U00010F46-\U00010F50'
    '\U00010F82-\U00010F85\U00011000-\U00011002\U00011038-\U00011046\U00011070\U00011073\U00011074\U0001107F-\U00011082'
    '\U000110B0-\U000110BA\U000110BD\U000110C2\U000110CD\U00011100-\U00011102\U00011127-\U00011134\U00011145\U00011146\U00011173'
    '\U00011180-\U00011182\U000111B3-\U000111C0\U000111C9-\U000111CC\U000111CE\U000111CF\U0001122C-\U00011237\U0001123E\U00011241'
    '\U000112DF-\U000112EA\U00011300-\U00011303\U0001133B\U0001133C\U0001133E-\U00011344\U00011347\U00011348\U0001134B-\U0001134D'
    '\U00011357\U00011362\U00011363\U00011366-\U0001136C\U00011370-\U00011374\U000113B8-\U000113C0\U000113C2\U000113C5'
    '\U000113C7-\U000113CA\U000113CC-\U000113D0\U000113D2\U000113E1\U000113E2\U00011435-\U00011446\U0001145E\U000114B0-\U000114C3'
    '\U000115AF-\U000115B5\U000115B8-\U000115C0\U000115DC\U000115DD\U00011630-\U00011640\U000116AB-\U000116B7\U0001171D-\U0001172B'
    '\U0001182C-\U0001183A\U00011930-\U00011935\U00011937\U00011938\U0001193B-\U0001193E\U00011940\U00011942\U00011943'
    '\U000119D1-\U000119D7\U000119DA-\U000119E0\U000119E4\U00011A01-\U00011A0A\U00011A33-\U00011A39\U00011A3B-\U00011A3E\U00011A47'
    '\U00011A51-\U00011A5B\U00011A8A-\U00011A99\U00011C2F-\U00011C36\U00011C38-\U00011C3F\U00011C92-\U00011CA7\U00011CA9-\U00011CB6'
    '\U00011D31-\U00011D36\U00011D3A\U00011D3C\U00011D3D\U00011D3F-\U00011D45\U00011D47\U00011D8A-\U00011D8E\U00011D90\U00011D91'
    '\U00011D93-\U00011D97\U00011EF3-\U00011EF6\U00011F00\U00011F01\U00011F03\U00011F34-\U00011F3A\U00011F3E-\U00011F42\U00011F5A'
    '\U00013430-\U00013440\U00013447-\U00013455\U0001611E-\U0001612F\U00016AF0-\U00016AF4\U00016B30-\U00016B36\U00016F4F'
    '\U00016F51-\U00016F87\U00016F8F-\U00016F92\U00016FE4\U00016FF0\U00016FF1\U0001BC9D\U0001BC9E\U0001BCA0-\U0001BCA3'
    '\U0001CF00-\U0001CF2D\U0001CF30-\U0001CF46\U0001D159\U0001D165-\U0001D169\U0001D16D-\U0001D182\U0001D185-\U0001D18B'
    '\U0001D1AA-\U0001D1AD\U0001D242-\U0001D244\U0001DA00-\U0001DA36\U0001DA3B-\U0001DA6C\U0001DA75\U0001DA84\U0001DA9B-\U0001DA9F'
    '\U0001DAA1-\U0001DAAF\U0001E000-\U0001E006\U0001E008-\U0001E018\U0001E01B-\U0001E021\U0001E023\U0001E024\U0001E026-\U0001E02A'
    '\U0001E08F\U0001E130-\U0001E136\U0001E2AE\U0001E2EC-\U0001E2EF\U0001E4EC-\U0001E4EF\U0001E5EE\U0001E5EF\U0001E8D0-\U0001E8D6'
    '\U0001E944-\U0001E94A\U000E0000-\U000E0FFF]*$';

-- The first six words of a text, for the title of a conversation without one; null if nothing in it is visible. At most 255
-- characters, cut between visible characters (UAX 29, except for consonants that a virama joins), and without controls, spaces
-- that have no width and characters that change the direction of a text, which would also affect the text after the title.
create or replace function history.first_words(value text) returns text
language plpgsql immutable parallel safe set search_path = pg_catalog, pg_temp
as $$
declare
    most constant integer := 255;
    -- Of unseen() what no visible character needs: controls, spaces without a width, and what turns.
    dropped constant text := '[\u0001-\u0008\u000E-\u001F\u007F-\u0084\u0086-\u009F\u200B'
        '\u202A-\u202E\u2060-\u2064\u2066-\u206F\uFEFF\uFFF9-\uFFFB]';
    spaces constant text := '[\u0009-\u000D\u0020\u0085\u00A0\u1680\u2000-\u200A\u2028\u2029\u202F\u205F\u3000]+';
    -- Marks, those of the Indic scripts by the order that their blocks share, joiners, later parts of Hangul syllables, skin tones, tags.
    marks constant text := '\u0300-\u036F\u0483-\u0489\u0591-\u05BD\u05BF-\u05C7\u0610-\u061A\u064B-\u065F\u0670\u06D6-\u06DC\u06DF-\u06E8'
        '\u06EA-\u06ED\u0900-\u0903\u093A-\u093C\u093E-\u0957\u0962-\u0963\u0980-\u0983\u09BA-\u09BC\u09BE-\u09D7\u09E2-\u09E3'
        '\u0A00-\u0A03\u0A3A-\u0A3C\u0A3E-\u0A57\u0A62-\u0A63\u0A80-\u0A83\u0ABA-\u0ABC\u0ABE-\u0AD7\u0AE2-\u0AE3\u0B00-\u0B03'
        '\u0B3A-\u0B3C\u0B3E-\u0B57\u0B62-\u0B63\u0B80-\u0B83\u0BBA-\u0BBC\u0BBE-\u0BD7\u0BE2-\u0BE3\u0C00-\u0C03\u0C3A-\u0C3C'
        '\u0C3E-\u0C57\u0C62-\u0C63\u0C80-\u0C83\u0CBA-\u0CBC\u0CBE-\u0CD7\u0CE2-\u0CE3\u0D00-\u0D03\u0D3A-\u0D3C\u0D3E-\u0D57'
        '\u0D62-\u0D63\u0D80-\u0D83\u0DBA-\u0DBC\u0DBE-\u0DD7\u0DE2-\u0DE3\u0E31\u0E34-\u0E3A\u0E47-\u0E4E\u0EB1\u0EB4-\u0EBC'
        '\u0EC8-\u0ECE\u1037-\u103E\u1160-\u11FF\u1AB0-\u1AFF\u1DC0-\u1DFF\u200C\u200D\u20D0-\u20FF\u302A-\u302F\u3099\u309A'
        '\uFE00-\uFE0F\uFE20-\uFE2F\U0001F3FB-\U0001F3FF\U000E0020-\U000E007F\U000E0100-\U000E01EF';
    flag constant text := '[\U0001F1E6-\U0001F1FF]';
    words text := array_to_string(array(
        select w.word from regexp_split_to_table(regexp_replace(left(first_words.value, 4000), dropped, '', 'g'), spaces)
            with ordinality w(word, place)
        where w.word !~ history.unseen() order by w.place limit 6), ' ');
    head text := left(words, most + 1); -- with the first character that is too much: what it belongs to goes as a whole
    flags integer := length(substring(head from flag || '+$'));
begin
    if length(words) > most then
        words := case when flags > 0 then left(head, case when flags % 2 = 0 then -2 else -1 end)
            else regexp_replace(head, '[^' || marks || ']?(?:[' || marks || ']|\u200D[^' || marks || '])*$', '') end;
        words := coalesce(nullif(words, ''), left(head, most));
    end if;
    return nullif(btrim(words), '');
end $$;

-- Raises PT503 for what the arrays edition cannot do; PostgREST also turns it into a 503.
create or replace function history.migration_pending(what text) returns void
language plpgsql stable set search_path = pg_catalog, pg_temp
as $$
begin
    raise exception using errcode = 'PT503', message = format('%s needs the migration: run migrate', what);
end $$;

-- Exchanges the functions of the API: defines those of one edition, and drops those that only the other one has. Called for the current
-- phase, and by expand and roll_back in their own transaction; remember_definitions comes after it. A call that waits for their lock still
-- runs the old text.
create or replace function history.use_edition(wanted text) returns void
language plpgsql set search_path = pg_catalog, pg_temp
as $$
declare
    statement text;
begin
    for statement in
        select format('drop function %s', p.oid::regprocedure) from pg_proc p
        where p.pronamespace = 'history'::regnamespace
            and p.proname in (select e.name from history.edition e where e.edition <> wanted)
            and p.proname not in (select e.name from history.edition e where e.edition = wanted)
    loop
        execute statement;
    end loop;
    for statement in select e.definition from history.edition e where e.edition = wanted order by e.place loop
        execute statement;
    end loop;
end $$;

-- The text as a uuid; null if it is none. Checks a pattern instead of catching an error, which would cost a savepoint.
create or replace function history.to_uuid(value text) returns uuid
language sql immutable parallel safe
return case when value ~ '^[0-9A-Fa-f]{8}-?([0-9A-Fa-f]{4}-?){3}[0-9A-Fa-f]{12}$' then value::uuid end;

-- The claims of the caller's token, null when there are none. If they are set to something that is not JSON, every statement fails.
create or replace function history.claims() returns jsonb
language sql stable parallel safe
return nullif(current_setting('request.jwt.claims', true), '')::jsonb;

-- The user of the token; null when there is none, or it is not a uuid.
create or replace function history.user_id() returns uuid
language sql stable parallel safe
return history.to_uuid(history.claims() ->> 'sub');

-- The tenant the caller asks for, as text: app.tenant_id, else a claim. A setting that was once set locally reads '', not null.
create or replace function history.chosen_tenant() returns text
language sql stable
return coalesce(nullif(current_setting('app.tenant_id', true), ''), nullif(history.claims() ->> 'tenant_id', ''),
    nullif(history.claims() -> 'app_metadata' ->> 'tenant_id', ''));

-- For policies: the caller's tenants, narrowed to the chosen one. Never raises.
create or replace function history.my_tenants() returns setof uuid
language plpgsql stable security definer set search_path = pg_catalog, pg_temp
as $$
declare
    caller uuid := history.user_id();
    chosen text := history.chosen_tenant();
begin
    return query select u.tenant_id from public.tenant_users u
        where u.user_id = caller and (chosen is null or u.tenant_id = history.to_uuid(chosen));
end $$;

create or replace function history.my_admin_tenants() returns setof uuid
language plpgsql stable security definer set search_path = pg_catalog, pg_temp
as $$
declare
    caller uuid := history.user_id();
    chosen text := history.chosen_tenant();
begin
    return query select u.tenant_id from public.tenant_users u
        where u.user_id = caller and u.role = 'admin' and (chosen is null or u.tenant_id = history.to_uuid(chosen));
end $$;

-- The tenant of a request. Raises PT403, which PostgREST turns into a 403.
create or replace function history.current_tenant() returns uuid
language plpgsql stable security definer set search_path = pg_catalog, pg_temp
as $$
declare
    caller uuid := history.user_id();
    chosen text := history.chosen_tenant();
    tenants uuid[];
begin
    tenants := array(select u.tenant_id from public.tenant_users u where u.user_id = caller);
    if history.to_uuid(chosen) = any (tenants) then
        return history.to_uuid(chosen);
    elsif chosen is null and cardinality(tenants) = 1 then
        return tenants[1];
    end if;
    raise exception using errcode = 'PT403', message = case
        when chosen is not null then 'You are not a member of this tenant.'
        when tenants = '{}' then 'You are not a member of any tenant.'
        else 'You are a member of several tenants, and the token does not choose one.' end;
end $$;

-- The tenant of a request that changes something; raises PT403 if the tenant's status is not active. A team's table of tenants may have
-- no status, or leave it null. Called by the functions that create, change and delete. The policies do not check it, so the data API works as before.
create or replace function history.writing_tenant() returns uuid
language plpgsql stable security definer set search_path = pg_catalog, pg_temp
as $$
declare
    tenant constant uuid := history.current_tenant();
    state text;
begin
    select to_jsonb(t) ->> 'status' into state from public.tenants t where t.id = tenant;
    if state <> 'active' then
        raise exception using errcode = 'PT403',
            message = 'Your tenant is not active: its conversations can be read, and nothing can be changed.';
    end if;
    return tenant;
end $$;

-- Volatile on purpose: it sees a conversation that the same statement has just made.
create or replace function history.owns_conversation(tenant uuid, conversation uuid) returns boolean
language plpgsql volatile security definer set search_path = history_maintenance, pg_temp
as $$
begin
    return exists (
        select from public.conversations c
        where c.tenant_id = tenant and c.id = conversation and c.user_id = history.user_id());
end $$;

-- A UUIDv8 (RFC 9562) of the first 16 bytes of a hash.
create or replace function history.uuid_of(hash bytea) returns uuid
language sql immutable parallel safe
return encode(
    set_byte(
        set_byte(substr(hash, 1, 16), 6, (get_byte(hash, 6) & 15) | 128),
        8, (get_byte(hash, 8) & 63) | 128),
    'hex')::uuid;

-- The secret in derived ids, so that nobody can compute the id for somebody else's key. Created once and never changed: a dump must
-- contain it. Only the owner may read it; derived_id runs as the owner.
-- older: whether ids had been derived before there was a secret.
create table if not exists history.secret (
    only_row boolean primary key default true check (only_row),
    value bytea not null, older boolean not null);
revoke all on history.secret from public, anon, authenticated, service_role;
insert into history.secret (value, older)
values (uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()), to_regprocedure('history.derived_id(text, text)') is not null)
on conflict do nothing;

-- Whether a conversation or a message of a user has an id that was derived without the secret: as a row, or as an element of an
-- array. A message is looked up in its conversation, which its key or the request names. Called by derived_id.
create or replace function history.exists_with(wanted uuid, tenant uuid, me uuid, kind text, key text) returns boolean
language plpgsql stable set search_path = history_maintenance, pg_temp
as $$
declare
    phase text := (select s.phase from history.state s);
    is_message boolean := kind ~ '^(message|answer)';
    conversation uuid := history.to_uuid(
        case when kind = 'message' then split_part(key, ' ', 1) else current_setting('app.conversation_id', true) end);
    element jsonb := jsonb_build_array(jsonb_build_object('id', wanted));
begin
    if exists (select from history.deleted d where d.tenant_id = tenant and d.user_id = me and d.id = wanted and d.erased) then
        return true; -- or a second conversation would take its place
    elsif phase = 'prepared' then
        return exists (
            select from public.chat_sessions c
            where c.tenant_id = tenant and c.user_id = me and c.id = case when is_message then conversation else wanted end
                and (not is_message or c.messages @> element));
    elsif not is_message then
        return exists (select from public.conversations c where c.tenant_id = tenant and c.user_id = me and c.id = wanted);
    end if;
    if phase = 'expanded' then -- elements that the backfill has not come to; later there may be no such column
        if exists (
            select from public.conversations c
            where c.tenant_id = tenant and c.user_id = me and c.id = conversation and c.last_seq is null and c.messages @> element)
        then
            return true;
        end if;
    end if;
    return exists (select from public.messages m where m.tenant_id = tenant and m.user_id = me and m.id = wanted) or exists (
        select from (
            select m.user_id, m.metadata #>> '{legacy,id}' as id from public.messages m
            where m.tenant_id = tenant and m.conversation_id = conversation
            order by m.seq desc limit 10) recent
        where recent.user_id = me and recent.id = wanted::text);
end $$;

-- What an id is derived from, with the secret, that stands for a user's key. Called where such an id is needed.
create or replace function history.hash_of_key(tenant uuid, owner uuid, kind text, key text) returns bytea
language sql stable parallel safe
return sha256(uuid_send(tenant) || uuid_send(owner)
    || int4send(octet_length(kind)) || convert_to(kind, 'UTF8') || convert_to(key, 'UTF8'));

-- The id derived from a caller's own key, so that a retry finds its own row; nobody else can compute it. Raises PT403 if the caller has
-- no tenant. A row from before there was a secret keeps its id. Called with every key of a client.
create or replace function history.derived_id(kind text, key text) returns uuid
language plpgsql stable strict security definer set search_path = pg_catalog, pg_temp
as $$
declare
    tenant constant uuid := history.current_tenant();
    me constant uuid := history.user_id();
    named constant bytea := history.hash_of_key(tenant, me, kind, key);
    secret record;
    earlier uuid;
begin
    select s.value, s.older into strict secret from history.secret s;
    if secret.older then
        earlier := history.uuid_of(named);
        if history.exists_with(earlier, tenant, me, kind, key) then
            return earlier;
        end if;
    end if;
    return history.uuid_of(sha256(secret.value || named));
end $$;

-- Whether an id is that of an element which another conversation has or will have soon. element_id derives it from the conversation's
-- id, so whoever knows that id could otherwise take it first and block the owner's next write. Others learn nothing from this.
-- Without arrays nothing is reserved.
create or replace function history.is_reserved(id uuid, own_conversation uuid) returns boolean
language plpgsql stable set search_path = history_maintenance, pg_temp
as $$
declare
    beginning text := left(id::text, 13);
begin
    return (select s.phase from history.state s) in ('expanded', 'backfilled', 'migrated') and exists (
        select from public.conversations c
        cross join lateral generate_series(coalesce(c.last_seq, 0), coalesce(c.last_seq, 0) + 1000) s(seq)
        where c.id between (beginning || '-0000-0000-000000000000')::uuid and (beginning || '-ffff-ffff-ffffffffffff')::uuid
            and c.id <> own_conversation and history.element_id(c.id, s.seq) = is_reserved.id);
end $$;

-- Whether the caller's conversation or message of that id was deleted. Called where a key, a list or a late end would create it again.
create or replace function history.is_deleted(conversation uuid) returns boolean
language plpgsql stable strict security definer set search_path = history_maintenance, pg_temp
as $$
declare
    tenant constant uuid := history.current_tenant();
    me constant uuid := history.user_id();
begin
    return exists (
        select from history.deleted d where d.tenant_id = tenant and d.user_id = me and d.id = is_deleted.conversation);
end $$;

-- Whether the message that a client names so was deleted, alone or with its conversation. Called where a list would store it again.
create or replace function history.was_deleted(conversation uuid, message_id text) returns boolean
language plpgsql stable set search_path = pg_catalog, pg_temp
as $$
begin
    return (history.is_deleted(history.derived_id('message', conversation || ' ' || message_id))
        or history.is_deleted(history.to_uuid(message_id))) is true;
end $$;

-- By what a deleted message must not come back: its id, those of the element that it was and of the attempt that continued it, and what
-- stands for the key of its request. Called where messages are deleted.
create or replace function history.names_of(id uuid, tenant uuid, owner uuid, metadata jsonb, key text)
returns table (name uuid, is_key boolean)
language plpgsql stable set search_path = history_maintenance, pg_temp
as $$
begin
    return query
    select n.name, n.is_key
    from (
        select names_of.id, false
        union all select history.to_uuid(metadata #>> '{legacy,id}'), false
        union all select history.to_uuid(metadata #>> '{attempt,id}'), false
        union all select history.uuid_of(sha256(s.value || history.hash_of_key(tenant, owner, 'request', names_of.key))), true
        from history.secret s) n(name, is_key)
    where n.name is not null;
end $$;

-- Gives the key of a request whose answer is deleted to its question, if that is there and has none: asked again, it is that one's.
-- Called by remove_message and messages_changed, which have the lock.
create or replace function history.return_key(
    tenant uuid, conversation uuid, question uuid, key text, key_hash text, requests jsonb) returns void
language plpgsql set search_path = history_maintenance, pg_temp
as $$
declare
    kept constant jsonb := jsonb_strip_nulls(jsonb_build_object('requests', requests));
begin
    update public.messages m
    set request_key = key, request_hash = key_hash, metadata = history.object_of(m.metadata) || kept
    where m.tenant_id = tenant and m.conversation_id = conversation and m.id = question and m.request_key is null and key is not null;
end $$;

-- Records by what a deleted conversation must not come back: its id, and the keys of the requests that made what is in its array or what a
-- rollback has set aside of it, which goes. messages: the array, null where there are rows. Called by keep_deletion and conversation_deleted.
create or replace function history.forget_conversation(tenant uuid, owner uuid, conversation uuid, messages jsonb) returns void
language plpgsql set search_path = history_maintenance, pg_temp
as $$
begin
    with aside as (
        delete from history.replaced r
        where r.conversation_id = conversation and r.message ->> 'tenant_id' = tenant::text and r.message ->> 'user_id' = owner::text
        returning r.message
    )
    insert into history.deleted (tenant_id, user_id, id)
    select tenant, owner, conversation
    union select tenant, owner, history.uuid_of(sha256(s.value || history.hash_of_key(tenant, owner, 'request', k.key)))
    from history.secret s cross join (
        select k.name #>> '{}'
        from jsonb_path_query(history.list_of(messages), '$[*].metadata.requests ? (@.type() == "object").keyvalue().key') k(name)
        union select a.message ->> 'request_key' from aside a) k(key)
    where k.key is not null
    on conflict do nothing;
end $$;

-- Records that the caller's conversation is deleted, or what an id stands for. In: as in forget_conversation. Called before.
create or replace function history.keep_deletion(conversation uuid, messages jsonb default null) returns void
language plpgsql security definer set search_path = history_maintenance, pg_temp
as $$
declare
    tenant constant uuid := history.current_tenant();
    me constant uuid := history.user_id();
begin
    perform history.forget_conversation(tenant, me, conversation, messages);
end $$;

-- The id of an element's message, the same in every run. It begins like its conversation's id, so that a backfill in the order
-- of conversations appends to the index.
create or replace function history.element_id(conversation uuid, seq bigint) returns uuid
language sql immutable parallel safe
return history.uuid_of(
    substr(uuid_send(conversation), 1, 6) || substr(sha256(uuid_send(conversation) || int8send(seq)), 1, 10));

-- Metadata as an object: {} in the place of anything else, which a service or the owner has written. Called by whatever shows a message or
-- adds to what it has.
create or replace function history.object_of(metadata jsonb) returns jsonb
language sql immutable parallel safe
return case jsonb_typeof(metadata) when 'object' then metadata else '{}' end;

-- RFC 7396.
create or replace function history.merge_patch(target jsonb, patch jsonb) returns jsonb
language plpgsql immutable parallel safe set search_path = pg_catalog, pg_temp
as $$
begin
    return case when jsonb_typeof(patch) <> 'object' then patch else (
        select coalesce(jsonb_object_agg(merged.key, merged.value), '{}')
        from (
            select t.key, t.value from jsonb_each(history.object_of(target)) t where not patch ? t.key
            union all
            select p.key, history.merge_patch(target -> p.key, p.value) from jsonb_each(patch) p where p.value <> 'null') merged) end;
end $$;

-- The elements first to last of an array, without reading the others.
create or replace function history.slice(messages jsonb, first bigint, last bigint) returns jsonb
language sql immutable parallel safe
return jsonb_path_query_array(messages, '$[$a to $b]', jsonb_build_object('a', first - 1, 'b', last - 1));

-- A value as text if it is a string; null for everything else.
create or replace function history.string_in(value jsonb) returns text
language sql immutable parallel safe
return case jsonb_typeof(value) when 'string' then value #>> '{}' end;

-- The JSON encoded in a string: an object, an array or again a string; null for any other text.
create or replace function history.decoded(words text) returns jsonb
language plpgsql immutable parallel safe set search_path = pg_catalog, pg_temp
as $$
begin
    return case when words ~ '^\s*[\[{"]' then words::jsonb end;
exception when data_exception or program_limit_exceeded then
    return null;
end $$;

-- The path to the array in a column: names of members, and '"' for a string with encoded JSON. The member is messages, else the
-- only one with a name that applications use for it. Empty: the column is the array; null: it holds none, or several that it
-- might be.
create or replace function history.list_path(value jsonb, depth integer default 0) returns text[]
language plpgsql immutable parallel safe set search_path = pg_catalog, pg_temp
as $$
declare
    name text;
    path text[];
    found text[];
begin
    if jsonb_typeof(value) = 'array' then
        return '{}';
    elsif depth = 8 then
        return null;
    elsif jsonb_typeof(value) = 'string' then
        path := history.list_path(history.decoded(value #>> '{}'), depth + 1);
        return case when path is not null then array['"'] || path end;
    elsif jsonb_typeof(value) is distinct from 'object' then
        return null;
    end if;
    path := history.list_path(value -> 'messages', depth + 1);
    if path is not null then
        return array['messages'] || path;
    elsif value ?| array['role', 'content', 'parts'] then
        return null; -- one message, whatever else it carries
    end if;
    foreach name in array array['chat_messages', 'conversation', 'conversations', 'history', 'chat', 'thread', 'items', 'data',
        'contents', 'state', 'json'] loop
        path := history.list_path(value -> name, depth + 1);
        if path is not null and found is not null then
            return null;
        elsif path is not null then
            found := array[name] || path;
        end if;
    end loop;
    return found;
end $$;

-- The array in a column, however it is wrapped; null if there is none.
create or replace function history.unwrapped(value jsonb) returns jsonb
language plpgsql immutable parallel safe set search_path = pg_catalog, pg_temp
as $$
declare
    path text[] := history.list_path(value);
    step text;
begin
    if path is null then
        return null;
    end if;
    foreach step in array path loop
        value := case step when '"' then history.decoded(value #>> '{}') else value -> step end;
    end loop;
    return value;
end $$;

-- An array wrapped as value is; value itself, unchanged, if it holds just this array.
create or replace function history.wrapped(value jsonb, list jsonb) returns jsonb
language plpgsql immutable parallel safe set search_path = pg_catalog, pg_temp
as $$
declare
    path text[] := history.list_path(value);
    around jsonb[] := '{}';
    step text;
begin
    if path is null or path = '{}' then
        return list;
    elsif history.unwrapped(value) = list then
        return value;
    end if;
    foreach step in array path loop
        around := value || around;
        value := case step when '"' then history.decoded(value #>> '{}') else value -> step end;
    end loop;
    foreach value in array around loop
        step := path[cardinality(path)];
        path := trim_array(path, 1);
        list := case step when '"' then to_jsonb(list::text) else value || jsonb_build_object(step, list) end;
    end loop;
    return list;
end $$;

-- A column as an array: the array in it; empty for null; else the column itself as the only element. Of nothing that is not immutable,
-- or each call would copy the array.
create or replace function history.list_of(value jsonb) returns jsonb
language sql immutable parallel safe
return case coalesce(jsonb_typeof(value), 'null')
    when 'array' then value
    when 'null' then '[]'
    else coalesce(history.unwrapped(value), '[]' || value)
end;

-- How many elements the array of a column has; 0 where it holds none.
create or replace function history.element_count(value jsonb) returns integer
language sql immutable parallel safe
return case jsonb_typeof(value)
    when 'array' then jsonb_array_length(value)
    else coalesce(jsonb_array_length(history.unwrapped(value)), 0)
end;

-- A column with one more element, wrapped as it was.
create or replace function history.appended(value jsonb, element jsonb) returns jsonb
language sql immutable parallel safe
return case jsonb_typeof(value)
    when 'array' then value || jsonb_build_array(element)
    else history.wrapped(value, history.list_of(value) || jsonb_build_array(element))
end;

-- The keys besides role that may say who wrote an element, themselves or in what they wrap.
create or replace function history.role_keys() returns text[]
language sql immutable parallel safe
return array['from', 'sender', 'author', 'speaker', 'type', 'message_type', 'event', 'direction', 'isUser', 'is_user', 'fromUser',
    'isCreatedByUser', 'human', 'isBot', 'is_bot', 'fromBot', 'isAI', 'is_ai', 'message', 'data', 'kwargs'];

-- The keys besides content that may hold the text of an element, themselves or in what they wrap.
create or replace function history.text_keys() returns text[]
language sql immutable parallel safe
return array['parts', 'text', 'message', 'msg', 'value', 'body', 'refusal', 'output', 'payload', 'audio', 'data', 'kwargs'];

-- user, assistant or system for a word that clearly means one of them; else null. In "HumanMessageChunk" or "user_message" the
-- part before "message" counts.
create or replace function history.role_word(word text) returns text
language sql immutable parallel safe
return case regexp_replace(lower(btrim(word, E' \t\r\n')), '(?<!api)[ _-]?message(chunk)?$', '')
    when 'user' then 'user' when 'human' then 'user'
    when 'assistant' then 'assistant' when 'ai' then 'assistant' when 'bot' then 'assistant' when 'model' then 'assistant'
    when 'gpt' then 'assistant' when 'chatgpt' then 'assistant' when 'chatbot' then 'assistant'
    when 'apimessage' then 'assistant'
    when 'system' then 'system' when 'developer' then 'system'
end;

-- An element as an object: itself, or the object encoded in a string; null for everything else.
create or replace function history.object_in(element jsonb) returns jsonb
language plpgsql immutable parallel safe set search_path = pg_catalog, pg_temp
as $$
begin
    if jsonb_typeof(element) = 'string' then
        element := history.decoded(element #>> '{}');
    end if;
    return case when jsonb_typeof(element) = 'object' then element end;
end $$;

-- What an element wraps its message in: message (an exported tree), kwargs or data (LangChain); else the element itself.
create or replace function history.body_of(element jsonb) returns jsonb
language sql immutable parallel safe
return case 'object'
    when jsonb_typeof(element -> 'message') then element -> 'message'
    when case when element ->> 'type' = 'constructor' then jsonb_typeof(element -> 'kwargs') end then element -> 'kwargs'
    when case when element ? 'type' then jsonb_typeof(element -> 'data') end then element -> 'data'
    else element
end;

-- The role of an element: user, assistant or system; or why it has none: role_missing, role_unknown, role_contradictory.
create or replace function history.role_of(element jsonb) returns text
language plpgsql immutable parallel safe set search_path = pg_catalog, pg_temp
as $$
declare
    named constant text[] := '{from,sender,author,speaker,type,message_type,event}';
    flags constant text[] := '{isUser,is_user,fromUser,isCreatedByUser,human,isBot,is_bot,fromBot,isAI,is_ai}';
    layer jsonb := element;
    body jsonb := history.body_of(element);
    source text;
    words text[] := '{}';
    role text;
    roles text[] := '{}';
begin
    if element ->> 'role' in ('user', 'assistant', 'system') and not element ?| history.role_keys() then
        return element ->> 'role';
    end if;
    loop
        if layer -> 'role' <> 'null' then
            if jsonb_typeof(layer -> 'role') <> 'string' or history.role_word(layer ->> 'role') is null then
                return 'role_unknown';
            end if;
            words := words || (layer ->> 'role');
        end if;
        if layer ?| named then
            foreach source in array named loop
                words := words || case jsonb_typeof(layer -> source)
                    when 'string' then layer ->> source when 'object' then layer -> source ->> 'role' end;
            end loop;
        end if;
        if layer ?| flags then
            foreach source in array flags loop
                words := words || case when jsonb_typeof(layer -> source) is distinct from 'boolean' then 'unclear'
                    when (layer -> source)::boolean = (source ~* 'user|human') then 'user' else 'assistant' end;
            end loop;
        end if;
        if layer ? 'direction' and jsonb_typeof(layer -> 'payload') = 'object' then -- Botpress: as the bot sees it
            words := words || case layer ->> 'direction' when 'incoming' then 'user' when 'outgoing' then 'assistant' end;
        end if;
        exit when layer is not distinct from body;
        layer := body;
    end loop;
    if element ->> 'type' = 'constructor' and jsonb_typeof(element -> 'id') = 'array' then
        words := words || (element -> 'id' ->> -1); -- the class that LangChain constructs
    end if;
    foreach source in array words loop
        role := history.role_word(source);
        if role is not null and role <> all (roles) then
            roles := roles || role;
        end if;
    end loop;
    return case
        when cardinality(roles) = 1 then roles[1]
        when cardinality(roles) > 1 then 'role_contradictory'
        when array_remove(array_remove(array_remove(words, null), 'text'), 'message') = '{}' then 'role_missing'
        else 'role_unknown'
    end;
end $$;

-- The text of a content or a list of parts: the texts joined in order. Null if there is none, or if it is unclear whether a part
-- with a text was shown: then a person has to look.
create or replace function history.text_in(value jsonb) returns text
language plpgsql immutable parallel safe set search_path = pg_catalog, pg_temp
as $$
declare
    kind text := jsonb_typeof(value);
    part jsonb;
    type text;
    found text;
begin
    if kind in ('string', 'number', 'boolean') then
        return value #>> '{}';
    elsif kind = 'object' then
        if value ->> 'content_type' not in ('text', 'multimodal_text') then
            return null; -- ChatGPT's code, thoughts and the like
        end if;
        value := case jsonb_typeof(value -> 'parts') when 'array' then value -> 'parts' else jsonb_build_array(value) end;
    elsif kind is distinct from 'array' then
        return null;
    end if;
    for i in 0 .. jsonb_array_length(value) - 1 loop
        part := value -> i;
        kind := jsonb_typeof(part);
        if kind = 'string' then
            found := concat(found, part #>> '{}');
        end if;
        continue when kind <> 'object' or part -> 'thought' = 'true'; -- Gemini's thoughts
        type := lower(coalesce(part ->> 'type', part ->> 'content_type', 'text'));
        kind := jsonb_typeof(part -> 'text');
        if type in ('text', 'input_text', 'output_text', 'audio_transcription') then
            if kind = 'string' then
                found := concat(found, part ->> 'text');
            elsif kind = 'object' and part -> 'text' ? 'value' then
                found := concat(found, part -> 'text' ->> 'value');
            end if;
        elsif type = 'refusal' then
            found := concat(found, part ->> 'refusal');
        elsif type in ('audio', 'input_audio', 'output_audio') and part ? 'transcript' then
            found := concat(found, part ->> 'transcript');
        elsif kind = 'string' and type !~ ('^(reason|think|thought|redacted|summary|tool|dynamic-tool|data|source|file|image'
            || '|document|search|step|text-plain)') then
            return null;
        end if;
    end loop;
    return found;
end $$;

-- The text of an element, or null and why. Sources that differ in blanks only agree. Called where the content is not plain.
create or replace function history.text_of(element jsonb, out content text, out reason text)
language plpgsql immutable parallel safe set search_path = pg_catalog, pg_temp
as $$
declare
    layer jsonb := element;
    body jsonb := history.body_of(element);
    found text[];
    source text;
    blank text;
    lacking boolean := false;
begin
    loop
        found := array[history.text_in(layer -> 'content')];
        lacking := lacking or found[1] is null and coalesce(jsonb_typeof(layer -> 'content') <> 'null', false);
        if jsonb_typeof(layer -> 'parts') = 'array' and layer -> 'parts' <> '[]' then
            source := history.text_in(layer -> 'parts');
            lacking := lacking or source is null;
            found := found || source;
        end if;
        if layer ?| array['text', 'message', 'msg', 'value', 'body', 'refusal', 'output', 'payload', 'audio'] then
            found := found || array[
                history.string_in(layer -> 'text'), history.string_in(layer -> 'message'), history.string_in(layer -> 'msg'),
                history.string_in(layer -> 'value'), history.string_in(layer -> 'body'), history.string_in(layer -> 'refusal'),
                case when layer ->> 'type' ~ '_message$' then history.string_in(layer -> 'output') end, -- Chainlit
                history.string_in(layer #> '{payload,text}'), history.string_in(layer #> '{audio,transcript}')];
        end if;
        foreach source in array found loop
            if source !~ '\S' then
                blank := source;
            elsif content is null then
                content := source;
            elsif source <> content and regexp_replace(source, '\s+', '', 'g') <> regexp_replace(content, '\s+', '', 'g') then
                content := null;
                reason := 'content_contradictory';
                return;
            end if;
        end loop;
        exit when layer is not distinct from body;
        layer := body;
    end loop;
    if content is null and not lacking then
        content := blank;
    end if;
    if content is null then
        reason := case when lacking then 'content_without_text' else 'content_missing' end;
    end if;
end $$;

-- The parts of an element, if it is a message as the AI SDK's versions 5 to 7 write them and has more than a text; else null.
create or replace function history.ui_parts(element jsonb) returns jsonb
language sql immutable parallel safe
begin atomic
    select jsonb_agg(case
        when p.part ? 'toolInvocation' then jsonb_build_object('type', concat('tool-', i ->> 'toolName'), 'toolCallId', i -> 'toolCallId',
                'state', case i ->> 'state' when 'result' then 'output-available' when 'call' then 'input-available'
                    else 'input-streaming' end, 'input', i -> 'args')
            || case when i ? 'result' then jsonb_build_object('output', i -> 'result') else '{}' end
        when p.part ? 'mimeType' then jsonb_build_object('type', 'file', 'mediaType', p.part -> 'mimeType',
            'url', concat('data:', p.part ->> 'mimeType', ';base64,', p.part ->> 'data'))
        when p.part ? 'contentType' then jsonb_build_object('type', 'file', 'mediaType', p.part -> 'contentType',
            'filename', p.part -> 'name', 'url', p.part -> 'url')
        when p.part ? 'reasoning' then jsonb_build_object('type', 'reasoning', 'text', p.part -> 'reasoning')
        else p.part end order by p.place)
    from jsonb_array_elements(case when jsonb_typeof(element -> 'parts') = 'array' then element -> 'parts' else '[]' end
        || case when jsonb_typeof(element -> 'experimental_attachments') = 'array' then element -> 'experimental_attachments' else '[]' end)
        with ordinality p(part, place)
    cross join lateral (select p.part -> 'toolInvocation') t(i)
    having bool_and(jsonb_typeof(coalesce(p.part -> 'type', p.part -> 'contentType')) = 'string')
        and (count(*) > 1 or min(p.part ->> 'type') <> 'text');
end;

-- An element as {role, content, reason}: the message, or why it cannot be one. One of the AI SDK with a file or a tool call and no text
-- is a message, too. Called by elements for those that are not plain, and for entries of the quarantine.
create or replace function history.message_of(element jsonb) returns text[]
language plpgsql immutable parallel safe set search_path = pg_catalog, pg_temp
as $$
declare
    text record;
    role text;
    reason text;
begin
    element := history.object_in(element);
    if element is null then
        return array[null, null, 'not_an_object'];
    end if;
    text := history.text_of(element);
    role := history.role_of(element);
    if text.reason = 'content_without_text' and coalesce(element ->> 'content', '') = ''
        and jsonb_path_exists(history.ui_parts(element), '$[*] ? (@.url.type() == "string" || @.toolCallId.type() == "string")')
        and history.text_in(element -> 'parts' || '""') = '' -- no part is in doubt
    then
        text.content := '';
        text.reason := null;
    end if;
    reason := coalesce(text.reason, case when role not in ('user', 'assistant', 'system') then role end);
    return case when reason is null then array[role, text.content, null] else array[null, null, reason] end;
end $$;

-- A time as text, as ISO 8601 with a zone; UTC if it names none. Reads ISO 8601, RFC 2822 and HTTP dates, JavaScript's Date and
-- asctime; null for anything else. Does not check the numbers of days and months.
create or replace function history.iso_words(words text) returns text
language plpgsql immutable parallel safe set search_path = pg_catalog, pg_temp
as $$
declare
    months constant text := 'janfebmaraprmayjunjulaugsepoctnovdec';
    month constant text := '([a-z]{3})[a-z]*\.?,?';
    clock constant text := '(\d\d?:\d\d(?::\d\d)?)';
    zone constant text := '(?:\s*(?:(?:gmt|utc?|z)\s*)?([+-]\d\d:?\d\d)?(?:\s*(?:gmt|utc?|z))?(?:\s*\([^()]*\))?)?';
    -- year, month, day, time, zone
    p text[];
begin
    words := lower(words);
    p := regexp_match(words, '^(\d{4})-(\d\d)-(\d\d)(?:[t\s]\s*(\d\d:\d\d(?::\d\d(?:[.,]\d{1,9})?)?)\s*'
        || '(?:z|utc|gmt)?\s*([+-]\d\d(?::?\d\d)?)?\s*(?:\[[^][]*\])?)?$');
    if p is null then
        p := regexp_match(words, '^(?:[a-z]{3,9},?\s+)?(\d\d?)[\s-]' || month || '[\s-](\d{4})\s+' || clock || zone || '$');
        p := p[3:3] || p[2:2] || p[1:1] || p[4:5];
    end if;
    if p is null then
        p := regexp_match(words, '^(?:[a-z]{3,9},?\s+)?' || month || '\s+(\d\d?),?\s+(\d{4})\s+' || clock || zone || '$');
        p := p[3:3] || p[1:2] || p[4:5];
    end if;
    if p is null then
        p := regexp_match(words, '^(?:[a-z]{3}\s+)?' || month || '\s+(\d\d?)\s+' || clock || '\s+(?:(?:utc|gmt)\s+)?'
            || '([+-]\d{4}\s+)?(\d{4})$');
        p := p[5:5] || p[1:4];
    end if;
    if p is null or p[2] ~ '\D' and position(p[2] in months) % 3 <> 1 then
        return null;
    end if;
    return format('%s-%s-%sT%s%s', p[1],
        case when p[2] ~ '\D' then (position(p[2] in months) + 2) / 3 else p[2]::integer end,
        p[3], replace(coalesce(p[4], '00:00'), ',', '.'), coalesce(btrim(p[5]), 'Z'));
end $$;

-- A plausible time in the years 2000 to 2100: words, seconds to nanoseconds of the epoch, or an object of MongoDB,
-- Firestore or Parse. Everything else, and every word that PostgreSQL would take for a time ('now', 'infinity'), is null.
create or replace function history.element_time(value jsonb) returns timestamptz
language plpgsql stable parallel safe set search_path = pg_catalog, pg_temp
as $$
declare
    words text;
    epoch numeric;
    found timestamptz;
begin
    if jsonb_typeof(value) = 'object' then
        return case
            when value ?| array['seconds', '_seconds'] then
                history.element_time(to_jsonb((coalesce(value ->> 'seconds', value ->> '_seconds')::numeric
                    + coalesce(value ->> 'nanoseconds', value ->> '_nanoseconds', value ->> 'nanos', '0')::numeric / 1000000000)))
            else history.element_time(coalesce(value -> '$date', value -> '$numberLong', value -> 'iso'))
        end;
    end if;
    words := btrim(value #>> '{}', E' \t\r\n');
    if jsonb_typeof(value) = 'number' or words ~ '^\d{9,19}(\.\d{1,9})?$' then
        epoch := words::numeric;
        found := (
            select to_timestamp((epoch / u.per_second)::double precision) from unnest('{1,1000,1000000,1000000000}'::numeric[]) u(per_second)
            where epoch >= 946684800 * u.per_second and epoch < 4133980800 * u.per_second);
    elsif jsonb_typeof(value) = 'string' and length(words) between 8 and 80 then
        found := history.iso_words(words)::timestamptz;
    end if;
    return case when found >= '2000-01-01T00:00Z' and found < '2101-01-01T00:00Z' then found end;
exception when data_exception then
    return null; -- a 31st of February
end $$;

-- Where an element may have its time, in the order in which they are asked.
create or replace function history.time_keys() returns text[]
language sql immutable parallel safe
return array['timestamp', 'created_at', 'createdAt', 'create_time', 'createTime', 'time', 'date', 'datetime', 'ts', 'sent_at',
    'sentAt', 'created'];

-- The time of an element: from the first key that holds one, else from what it wraps, else from its metadata; or null.
create or replace function history.time_of(element jsonb) returns timestamptz
language plpgsql stable parallel safe set search_path = pg_catalog, pg_temp
as $$
declare
    layer jsonb;
    key text;
    found timestamptz;
begin
    element := history.object_in(element);
    foreach layer in array array[element, history.body_of(element)] loop
        continue when layer is null or not layer ?| history.time_keys();
        foreach key in array history.time_keys() loop
            found := history.element_time(layer -> key);
            if found is not null then
                return found;
            end if;
        end loop;
    end loop;
    return coalesce(history.element_time(element #> '{metadata,createdAt}'), -- AI SDK
        history.element_time(element #> '{metadata,created_at}'), history.element_time(element #> '{metadata,timestamp}'));
end $$;

-- Whether an element's metadata becomes the message's own: if it is an object that is not empty and has no member of ours.
create or replace function history.is_lifted(element jsonb) returns boolean
language sql immutable parallel safe
return coalesce(jsonb_typeof(element -> 'metadata') = 'object' and element -> 'metadata' <> '{}'
    and not element -> 'metadata' ? 'legacy' and not element ? 'history_absent', false);

-- The metadata of a message that was read from an element: its own, and under legacy what the columns cannot hold. If the element
-- has no key content or role, history_absent says so; an element that is not an object is kept whole, in an array.
create or replace function history.kept(element jsonb, role text, content text) returns jsonb
language sql immutable parallel safe
return case
    when jsonb_typeof(element) <> 'object' or element ? 'history_absent'
        then jsonb_build_object('legacy', jsonb_build_array(element))
    else case when history.is_lifted(element) then element -> 'metadata' else '{}' end
        || jsonb_build_object('legacy', (element - array[
                case when jsonb_typeof(element -> 'content') = 'string' and element ->> 'content' = content then 'content' end,
                case when element ->> 'role' = role then 'role' end,
                case when history.is_lifted(element) then 'metadata' end])
            || case when element ?& array['content', 'role'] then '{}'
                else jsonb_build_object('history_absent', to_jsonb(array_remove(array[
                    case when not element ? 'content' then 'content' end,
                    case when not element ? 'role' then 'role' end], null))) end)
end;

-- The one conversion of an array: a row per element, in its order.
--   otherwise: the time of elements before the first that names one; all others without one take their predecessor's.
--   before: how many positions precede the array (a slice); seqs: the seq of each element, where it is not its position.
--   reason: why the element cannot be a message, which is then kept as it is in element; null: it is one.
-- A column that holds no array is one element with seq 0.
-- Whatever the columns of messages cannot hold stays under metadata.legacy, so that history.element_of rebuilds it exactly.
create or replace function history.elements(
    messages jsonb, conversation uuid, otherwise timestamptz, before bigint default 0, seqs bigint[] default null)
returns table (
    seq bigint, id uuid, role text, content text, metadata jsonb, created_at timestamptz, reason text, element jsonb)
language sql stable parallel safe
begin atomic
    select
        read.seq,
        history.element_id(conversation, read.seq),
        case when read.plain then read.value ->> 'role' else read.message[1] end,
        case when read.plain then read.value ->> 'content' else read.message[2] end,
        case
            when read.plain then
                case when history.is_lifted(read.value) then read.value -> 'metadata' else '{}' end
                || jsonb_build_object('legacy', read.value - case when history.is_lifted(read.value)
                    then array['content', 'role', 'metadata'] else array['content', 'role'] end)
            when read.message[3] is null then history.kept(read.value, read.message[1], read.message[2])
        end,
        coalesce(read.time, to_timestamp(read.last_time[2]), otherwise),
        read.message[3],
        case when read.message[3] is not null then read.value end
    from (
        select each.*,
            max(array[each.ordinal, date_part('epoch', each.time)]) filter (where each.time is not null)
                over (rows unbounded preceding) as last_time,
            case when stored.holds then coalesce(seqs[each.ordinal], before + each.ordinal) else 0 end as seq,
            case
                when each.plain then null
                when not stored.holds then array[null, null, 'not_an_array']
                else history.message_of(each.value)
            end as message
        -- Unpacked once: to look at a large array for each of its elements takes minutes.
        from (
            select history.list_of(messages #> '{}') as list,
                coalesce(jsonb_typeof(messages) in ('array', 'null') or history.list_path(messages) is not null, true) as holds
            offset 0) stored
        cross join lateral (
            select e.value, e.ordinal,
                case when e.value ->> 'role' in ('user', 'assistant', 'system') and jsonb_typeof(e.value -> 'content') = 'string'
                    and stored.holds
                    then not e.value ?| (history.role_keys() || history.text_keys() || array['history_absent']) else false end as plain,
                case -- what nearly all of them look like, without a call
                    when e.value ->> 'timestamp' ~
                        '^20\d\d-(0[1-9]|1[0-2])-([01][1-9]|10|2[0-8])T([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d{1,6})?Z$'
                        then (e.value ->> 'timestamp')::timestamptz
                    when e.value ->> 'timestamp' ~ '^[1-3]\d{12}$' -- milliseconds of the epoch
                        then to_timestamp(((e.value ->> 'timestamp')::numeric / 1000)::double precision)
                    else coalesce(
                        case when jsonb_typeof(e.value -> 'timestamp') = 'number' then history.element_time(e.value -> 'timestamp') end,
                        case when e.value ?| (history.time_keys() || array['message', 'kwargs', 'data', 'metadata'])
                            or jsonb_typeof(e.value) = 'string' then history.time_of(e.value) end)
                end as time
            from jsonb_array_elements(stored.list) with ordinality e(value, ordinal)
            offset 0) each
        offset 0
    ) read;
end;

-- The parts of a message from its metadata: those that with_parts stored there, else those of its element.
create or replace function history.parts_of(metadata jsonb) returns jsonb
language sql immutable parallel safe
return case
    when metadata ? 'ui_parts' then case when jsonb_typeof(metadata -> 'ui_parts') = 'array' then metadata -> 'ui_parts' end
    when metadata -> 'legacy' ? 'parts' then history.ui_parts(metadata -> 'legacy') end;

-- A message's metadata with its parts, as the API shows it and an array keeps it. parts: null where its text is all of it.
create or replace function history.with_parts(metadata jsonb, parts jsonb) returns jsonb
language sql stable parallel safe
return case when parts is not distinct from history.parts_of(metadata) then metadata
    when parts is null then history.object_of(metadata) || '{"ui_parts": null}'
    else jsonb_set(history.object_of(metadata), '{ui_parts}', parts) end;

-- The parts of a message that a client sent. said: {parts, …}, the parts as JSON in a string, so that they are read once, where they
-- are stored: to hand on an object is to copy each value in it. Called by the functions of a turn.
create or replace function history.sent_parts(said jsonb) returns jsonb
language sql immutable parallel safe
return (said ->> 'parts')::jsonb;

-- Parts without the data in their data URLs; what is left says what they were. Called by seen_by_model.
create or replace function history.without_data(parts jsonb) returns jsonb
language sql immutable parallel safe
begin atomic
    select jsonb_agg(case when p.part ->> 'url' like 'data:%' then p.part - 'url' else p.part end order by p.place)
    from jsonb_array_elements(parts) with ordinality p(part, place);
end;

-- What a stored call of a tool takes from a client's copy of it: the state, and the output, the error or the approval that belongs to it.
-- A call that asks for approval gives an output only with it, and an approval is that of the call. Null if it takes nothing.
-- Called by with_results and refused_result.
create or replace function history.result_of(call jsonb, sent jsonb) returns jsonb
language sql immutable
begin atomic
    select (select jsonb_object_agg(f.key, f.value) from jsonb_each(sent) f
            where f.key in ('state', case t.to_be when 'output-available' then 'output' when 'output-error' then 'errorText' end))
        || case when t.is_decided then jsonb_build_object('approval', call -> 'approval' || (
            select jsonb_object_agg(f.key, f.value) from jsonb_each(sent -> 'approval') f
            where f.key = 'approved' or f.key = 'reason' and jsonb_typeof(f.value) = 'string')) else '{}' end
    from (
        select call ->> 'state' as state, sent ->> 'state' as to_be, sent #>> '{approval,approved}' as approved,
            call ->> 'state' = 'approval-requested' and call #>> '{approval,id}' = sent #>> '{approval,id}'
                and jsonb_typeof(sent #> '{approval,approved}') = 'boolean' as is_decided) t
    where sent ->> 'toolCallId' = call ->> 'toolCallId' and sent ->> 'type' = call ->> 'type'
        and case t.to_be
            when 'output-available' then t.state in ('input-streaming', 'input-available')
                or t.state = 'approval-responded' and call #>> '{approval,approved}' = 'true' or t.is_decided and t.approved = 'true'
            when 'output-error' then jsonb_typeof(sent -> 'errorText') = 'string'
                and t.state in ('input-streaming', 'input-available', 'approval-requested', 'approval-responded')
            when 'output-denied' then t.is_decided and t.approved = 'false'
            when 'approval-responded' then t.is_decided end;
end;

-- The parts of an answer with what result_of takes from a client's copy of them; everything else of a call stays as it is stored. Null if
-- there is nothing new. Of several copies of a call the first with an outcome counts: each call is compared once. Called by continue_turn.
create or replace function history.with_results(parts jsonb, client_parts jsonb) returns jsonb
language sql immutable
begin atomic
    with stored as materialized (
        select p.part, p.place, p.part ->> 'toolCallId' as id, p.part ->> 'type' as type
        from jsonb_array_elements(parts) with ordinality p(part, place)
    ), sent as materialized (
        select distinct on (c.part ->> 'toolCallId', c.part ->> 'type') c.part, c.part ->> 'toolCallId' as id, c.part ->> 'type' as type
        from jsonb_array_elements(client_parts) with ordinality c(part, place)
        where c.part ->> 'toolCallId' is not null
        order by c.part ->> 'toolCallId', c.part ->> 'type',
            c.part ->> 'state' in ('input-streaming', 'input-available', 'approval-requested'), c.place
    ), merged as materialized (
        select p.part, p.place, history.result_of(p.part, c.part) as result
        from stored p left join sent c on c.id = p.id and c.type = p.type
    )
    select case when bool_or(m.result is not null)
        then jsonb_agg(case when m.result is null then m.part else m.part || m.result end order by m.place) end
    from merged m;
end;

-- Why an outcome that a client sends is no repetition, in a sentence that names the first such call: the stored call has another one. Null
-- if none has. parts: the answer's. Called by refused_result.
create or replace function history.other_result(parts jsonb, client_parts jsonb) returns text
language sql immutable
begin atomic
    select format('The call "%s" has another outcome already.', left(c.part ->> 'toolCallId', 100))
    from jsonb_array_elements(client_parts) with ordinality c(part, place)
    where c.part ->> 'toolCallId' is not null and (
        select bool_and(p.part ->> 'state' in ('output-available', 'output-error', 'output-denied') and (
            p.part #>> '{approval,approved}' <> c.part #>> '{approval,approved}'
            or c.part ->> 'state' in ('output-available', 'output-error', 'output-denied')
                and (p.part -> 'state', p.part -> 'output', p.part -> 'errorText')
                    is distinct from (c.part -> 'state', c.part -> 'output', c.part -> 'errorText')))
        from jsonb_array_elements(parts) p(part)
        where p.part ->> 'toolCallId' = c.part ->> 'toolCallId' and p.part ->> 'type' = c.part ->> 'type')
    order by c.place limit 1;
end;

-- Why an answer does not take the outcome of a call that a client's copy of it has, in a sentence that names the first such call; an
-- outcome is any state but those before one. parts: the answer's, null for text. Null if each is taken or there already; where none is
-- taken, another one than what is there is refused, too. Called by continue_turn.
create or replace function history.refused_result(parts jsonb, client_parts jsonb) returns text
language sql immutable
begin atomic
    with stored as materialized ( -- of several with an id and a type the one that does not wait
        select distinct on (p.part ->> 'toolCallId', p.part ->> 'type')
            p.part, p.part ->> 'toolCallId' as id, p.part ->> 'type' as type, p.part ->> 'state' as state, w.waits,
            p.part #>> '{approval,approved}' as approved
        from jsonb_array_elements(parts) p(part)
        cross join lateral (select coalesce(p.part ->> 'state' in (
            'input-streaming', 'input-available', 'approval-requested', 'approval-responded'), false) as waits) w
        where p.part ->> 'toolCallId' is not null
        order by p.part ->> 'toolCallId', p.part ->> 'type', w.waits
    ), other as materialized (
        select distinct on (s.id) s.* from stored s order by s.id, s.waits
    ), sent as materialized (
        select c.part, c.place, c.part ->> 'toolCallId' as id, c.part ->> 'type' as type, c.part ->> 'state' as state
        from jsonb_array_elements(client_parts) with ordinality c(part, place)
        where c.part ->> 'toolCallId' is not null and c.part ->> 'state' not in ('input-streaming', 'input-available', 'approval-requested')
    )
    select coalesce((
        select case when m.id is null then format('The stored answer has no call "%s".', left(c.id, 100))
            else format('The call "%s" ', left(c.id, 100)) || case
                when m.type is distinct from c.type then format('is one of %s.', left(m.type, 100))
                when m.state = 'approval-requested' then format('asks for the approval "%s": with this id it takes approval-responded, '
                    || 'output-available if approved is true, output-denied if it is false; without, output-error with an errorText.',
                    left(m.part #>> '{approval,id}', 100))
                when m.state = 'approval-responded' and m.approved is distinct from 'true'
                    then 'was not approved, and takes only output-error with an errorText.'
                else 'takes output-available, or output-error with an errorText.' end end
        from sent c
        left join stored s on s.id = c.id and s.type = c.type
        left join other o on o.id = c.id
        left join lateral (select s.* where s.id is not null union all select o.* where s.id is null and o.id is not null) m on true
        where m.id is null or m.type is distinct from c.type
            or m.waits and history.result_of(m.part, c.part) is null and (m.state = 'approval-responded' and m.approved = case c.state
                when 'output-denied' then 'false' when 'approval-responded' then c.part #>> '{approval,approved}' end) is not true
        order by c.place limit 1
    ), case when history.with_results(parts, client_parts) is null then history.other_result(parts, client_parts) end);
end;

-- How many parts and characters an answer had before the attempt that continues it, or that failed to, as continue_turn stores it in
-- its metadata; null if nothing is stored. Called by before_attempt and with_step.
create or replace function history.had_before(metadata jsonb) returns jsonb
language sql immutable parallel safe
return case
    when metadata #> '{attempt,before}'
        @? 'strict $ ? (@.parts > 0 && @.parts < 100000000 && @.characters >= 0 && @.characters < 100000000)'
    then metadata #> '{attempt,before}' end;

-- The parts of an answer that went on after its tool calls: those from before, with a step for what is new in content. What was there is
-- told by metadata, since content and the texts of the parts may differ in blanks; else by these texts. Called by end_attempt,
-- finish_turn and shown_state.
create or replace function history.with_step(parts jsonb, content text, metadata jsonb) returns jsonb
language sql immutable
begin atomic
    select case when s.said = '' then s.kept
        else s.kept || '{"type": "step-start"}' || jsonb_build_object('type', 'text', 'text', s.said) end
    from (
        select case when h.had is null then parts else jsonb_path_query_array(parts, '$[0 to $parts - 1]', h.had) end as kept,
            substr(content, 1 + coalesce((h.had -> 'characters')::integer, (
                select sum(char_length(p.part ->> 'text')) from jsonb_array_elements(parts) p(part)
                where p.part ->> 'type' = 'text')::integer, 0)) as said
        from (select history.had_before(metadata)) h(had)) s;
end;

-- The array element of a message: exactly the old one if it came from an array, else as the application writes it.
create or replace function history.element_of(
    id uuid, conversation_id uuid, user_id uuid, role text, content text, metadata jsonb, created_at timestamptz)
returns jsonb
language sql stable parallel safe
return case
    when jsonb_typeof(metadata -> 'legacy') = 'array' then metadata -> 'legacy' -> 0
    when jsonb_typeof(metadata -> 'legacy') = 'object' then
        ((metadata -> 'legacy') - 'history_absent')
        || case when metadata -> 'legacy' ? 'content' or metadata #> '{legacy,history_absent}' ? 'content' then '{}'
            else jsonb_build_object('content', content) end
        || case when metadata -> 'legacy' ? 'role' or metadata #> '{legacy,history_absent}' ? 'role' then '{}'
            else jsonb_build_object('role', role) end
        || case when metadata -> 'legacy' ? 'metadata' or metadata - 'legacy' = '{}' then '{}'
            else jsonb_build_object('metadata', metadata - 'legacy') end
    else
        jsonb_build_object(
            'id', id, 'content', content, 'role', role, 'sessionId', conversation_id, 'userId', user_id,
            'timestamp', to_char(created_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'))
        || case when metadata = '{}' then '{}' else jsonb_build_object('metadata', metadata) end
end;

-- A content or a list of parts with another text: it goes into the first part with a text; other parts with a text are removed.
create or replace function history.with_text(value jsonb, content text) returns jsonb
language plpgsql immutable parallel safe set search_path = pg_catalog, pg_temp
as $$
declare
    first bigint;
begin
    if jsonb_typeof(value) = 'array' then
        first := (
            select min(part.ordinal) from jsonb_array_elements(value) with ordinality part(value, ordinal)
            where history.text_in(jsonb_build_array(part.value)) is not null);
        return (
            select jsonb_agg(case part.ordinal when first then history.with_text(part.value, content) else part.value end
                order by part.ordinal)
            from jsonb_array_elements(value) with ordinality part(value, ordinal)
            where part.ordinal = first or history.text_in(jsonb_build_array(part.value)) is null);
    elsif jsonb_typeof(value) <> 'object' then
        return to_jsonb(content);
    elsif jsonb_typeof(value -> 'parts') = 'array' then
        return value || jsonb_build_object('parts', history.with_text(value -> 'parts', content));
    elsif jsonb_typeof(value -> 'text') = 'object' then
        return jsonb_set(value, '{text,value}', to_jsonb(content));
    elsif value ? 'text' then
        return value || jsonb_build_object('text', content);
    end if;
    return jsonb_build_object('type', 'text', 'text', content);
end $$;

-- An element with another role, content or metadata (null: as it is; {}: none), where its shape has them; else as the application
-- writes it. Called when somebody changes a message that came from an array.
create or replace function history.edited(element jsonb, role text, content text, metadata jsonb) returns jsonb
language plpgsql stable parallel safe set search_path = pg_catalog, pg_temp
as $$
declare
    was constant text[] := history.message_of(element);
    path text[];
begin
    if jsonb_typeof(element) = 'string' then
        return to_jsonb(history.edited(history.object_in(element), role, content, metadata)::text);
    end if;
    if metadata is not null then
        element := case metadata when '{}' then element - 'metadata' else element || jsonb_build_object('metadata', metadata) end;
    end if;
    if was[2] is distinct from content then
        for path in
            select p.path
            from (values ('{}'::text[]), ('{message}'), ('{data}'), ('{kwargs}')) w(wrapper)
            cross join (values ('{content}'::text[]), ('{parts}'), ('{text}'), ('{message}'), ('{msg}'), ('{value}'), ('{body}'),
                ('{refusal}'), ('{output}'), ('{payload,text}'), ('{audio,transcript}')) s(source)
            cross join lateral (select w.wrapper || s.source as path) p
            where case s.source when '{content}' then history.text_in(element #> p.path) is not null
                when '{parts}' then jsonb_typeof(element #> p.path) = 'array' and history.text_in(element #> p.path) is not null
                when '{output}' then element #>> (w.wrapper || '{type}') ~ '_message$'
                else jsonb_typeof(element #> p.path) = 'string' end
        loop
            element := jsonb_set(element, path, history.with_text(element #> path, content));
        end loop;
    end if;
    if was[1] is distinct from role then
        element := element || jsonb_build_object('role', role);
    end if;
    if history.message_of(element) = array[role, content, null] then
        return element;
    end if;
    return jsonb_strip_nulls(jsonb_build_object('id', element -> 'id', 'timestamp', history.time_of(element),
        'metadata', element -> 'metadata')) || jsonb_build_object('role', role, 'content', content);
end $$;

-- The time that an element without one takes: that of the last one before it with a time, of at most ten thousand; else
-- otherwise. Called by put, and by convert after a slice.
create or replace function history.time_before(tenant uuid, conversation uuid, place bigint, otherwise timestamptz)
returns timestamptz
language plpgsql stable set search_path = history_maintenance, pg_temp
as $$
declare
    last record;
begin
    select m.seq, m.created_at into last from public.messages m
    where m.tenant_id = tenant and m.conversation_id = conversation and m.seq < place
    order by m.seq desc limit 1;
    return coalesce((
            select history.time_of(q.element) from history.quarantine q
            where q.tenant_id = tenant and q.conversation_id = conversation
                and q."position" > greatest(last.seq, place - 10000, 0) and q."position" < place
                and history.time_of(q.element) is not null
            order by q."position" desc limit 1),
        last.created_at, otherwise);
end $$;

-- The elements of a conversation as an array, rebuilt from its rows in their order; a column that held no array as it was; null
-- if there is nothing. Entries of the quarantine as they came, even if somebody has edited them since.
create or replace function history.rebuilt(conversation uuid) returns jsonb
language plpgsql stable set search_path = history_maintenance, pg_temp
as $$
begin
    return (
        select case
            when count(*) = 1 and bool_and(every.whole) then jsonb_agg(every.element) -> 0
            else jsonb_agg(every.element order by every.seq)
        end
        from (
            select m.seq, false as whole,
                history.element_of(
                    m.id, m.conversation_id, m.user_id, m.role, m.content, history.with_parts(m.metadata, m.parts), m.created_at) as element
            from public.conversations c
            join public.messages m on m.tenant_id = c.tenant_id and m.conversation_id = c.id and m.current
            where c.id = conversation
            union all
            select q."position", q.reason = 'not_an_array', coalesce(q.original, q.element)
            from public.conversations c
            join history.quarantine q on q.tenant_id = c.tenant_id and q.conversation_id = c.id
            where c.id = conversation
        ) every);
end $$;

-- The keys of metadata in which the release before stores a turn.
create or replace function history.turn_keys() returns text[]
language sql immutable parallel safe
return array['status', 'attempt', 'reply_to', 'requests', 'client_id', 'previous', 'usage', 'model', 'ui_parts'];

-- A question's metadata when it is sent, again or edited: those that come with it instead of the client's own, and ours as they were.
create or replace function history.sent_metadata(was jsonb, sent jsonb) returns jsonb
language sql immutable parallel safe
begin atomic
    select coalesce(jsonb_object_agg(e.key, e.value) filter (where e.key = any (k.ours)), '{}') || coalesce(nullif(sent, 'null'), '{}') - k.ours
    from (select history.turn_keys() || '{legacy,failure}'::text[] as ours) k
    left join lateral jsonb_each(history.object_of(was)) e on true
    group by k.ours;
end;

-- A field of a message as text: its parts, or the metadata that a client may see, as JSON; otherwise its content. Called by get_message.
create or replace function history.field_of(field text, content text, metadata jsonb, parts jsonb) returns text
language sql immutable parallel safe
return case field when 'parts' then coalesce(parts, '[]')::text
    when 'metadata' then (case jsonb_typeof(metadata) when 'object' then metadata - (history.turn_keys() || 'legacy'::text)
        else metadata end)::text else content end;

-- The columns of a turn, from the metadata in which an earlier version, or an element of an array, stores them. Without such metadata:
-- a complete message. Called where rows are written by other means than the functions of a turn.
create or replace function history.turn_of(
    metadata jsonb, out status text, out reply_to uuid, out lease_until timestamptz, out client_id text,
    out request_key text, out request_hash text, out model text, out input_tokens integer, out output_tokens integer)
language plpgsql stable set search_path = pg_catalog, pg_temp
as $$
declare
    requests constant jsonb := metadata -> 'requests';
    usage constant jsonb := metadata -> 'usage';
begin
    status := coalesce(substring(metadata ->> 'status' from '^(running|incomplete|failed|stopped)$'), 'completed');
    client_id := left(metadata #>> '{legacy,id}', 200); -- by which the element was known
    if jsonb_typeof(metadata) <> 'object' or not metadata ?| history.turn_keys() then
        return;
    end if;
    reply_to := history.to_uuid(metadata ->> 'reply_to');
    lease_until := history.element_time(metadata #> '{attempt,until}');
    client_id := coalesce(client_id, left(metadata ->> 'client_id', 200));
    model := left(metadata ->> 'model', 200);
    if jsonb_typeof(requests) = 'object' then
        select r.key, r.value into request_key, request_hash from jsonb_each_text(requests) r where octet_length(r.key) <= 255 limit 1;
    end if;
    if jsonb_typeof(usage -> 'input_tokens') = 'number' and jsonb_typeof(usage -> 'output_tokens') = 'number' then
        input_tokens := greatest(0, least((usage ->> 'input_tokens')::numeric, 2147483647))::integer;
        output_tokens := greatest(0, least((usage ->> 'output_tokens')::numeric, 2147483647))::integer;
    end if;
end $$;

-- A message's row as JSON with other ids, its own and those of its question; names: {id: its new one}. Called by roll_back and
-- restore_replaced.
create or replace function history.with_names(message jsonb, names jsonb) returns jsonb
language sql immutable parallel safe
return message || jsonb_strip_nulls(jsonb_build_object('id', names -> (message ->> 'id'), 'reply_to', names -> (message ->> 'reply_to')))
    || jsonb_build_object('metadata', message -> 'metadata' || jsonb_strip_nulls(jsonb_build_object(
        'reply_to', names -> (message #>> '{metadata,reply_to}'), 'edit_of', names -> (message #>> '{metadata,edit_of}'))));

-- Restores what a rollback set aside: rows at the end of their conversations, archived and labels. What was a conversation's that had the id
-- before goes. One whose id another message has by now, because it was derived from a place, gets another id. Called by take_over.
create or replace function history.restore_replaced(ids uuid[]) returns void
language plpgsql set search_path = history_maintenance, pg_temp
as $$
declare
    renamed constant jsonb := (
        select jsonb_object_agg(r.message_id, gen_random_uuid()) from history.replaced r
        where r.conversation_id = any (ids) and r.message_id <> r.conversation_id
            and exists (select from public.messages m where m.id = r.message_id));
begin
    with kept as (
        delete from history.replaced r where r.conversation_id = any (ids) returning r.conversation_id, r.message_id, r.message
    ), same as (
        select k.* from kept k join public.conversations c on c.id = k.conversation_id
        where (c.created_at > (k.message ->> 'conversation_since')::timestamptz + interval '1 second') is not true
    ), listed as (
        update public.conversations c
        set archived = (k.message -> 'archived')::boolean, labels = array(select jsonb_array_elements_text(k.message -> 'labels'))
        from same k where k.message_id = k.conversation_id and c.id = k.conversation_id
    )
    insert into public.messages
    select (jsonb_populate_record(null::public.messages, history.with_names(k.message, renamed) || jsonb_build_object('seq',
        l.seq + row_number() over (partition by k.conversation_id order by (k.message ->> 'seq')::bigint)))).*
    from same k
    join public.conversations c on c.id = k.conversation_id
    cross join lateral (
        select greatest(c.last_seq, max(m.seq)) as seq from public.messages m
        where m.tenant_id = c.tenant_id and m.conversation_id = c.id) l
    where k.message_id <> k.conversation_id;
    update public.messages m set lease_until = null, status = case when m.content = '' then 'failed' else 'incomplete' end
    where m.conversation_id = any (ids) and m.lease_until is not null and not m.current and m.status = 'running' and exists (
        select from public.messages e -- what the array has of its end
        where e.tenant_id = m.tenant_id and e.conversation_id = m.conversation_id and e.current
            and m.id::text in (e.client_id, e.metadata #>> '{failure,attempt}'));
end $$;

-- The question of an answer that was an element, by its row: the one that the element names, where that comes before the answer; else the
-- last one before it. An id that was derived from a place names another message, or none, once a rollback has shifted the places.
-- Called by take_over.
create or replace function history.question_meant(tenant uuid, conversation uuid, place bigint, named uuid) returns uuid
language plpgsql stable strict set search_path = history_maintenance, pg_temp
as $$
declare
    before record;
    other uuid;
begin
    select m.id, m.client_id into before from public.messages m
    where m.tenant_id = tenant and m.conversation_id = conversation and m.current and m.role = 'user' and m.seq < place
    order by m.seq desc limit 1;
    if named::text in (before.id::text, before.client_id) then
        return before.id;
    end if;
    select m.id into other from public.messages m
    where m.id = named and m.tenant_id = tenant and m.conversation_id = conversation and m.role = 'user' and m.seq < place;
    if not found then
        select m.id into other from public.messages m
        where m.tenant_id = tenant and m.conversation_id = conversation and m.metadata ? 'legacy' and m.client_id = named::text
            and m.role = 'user' and m.seq < place limit 1;
    end if;
    return coalesce(other, before.id, named);
end $$;

-- How many messages of a conversation are shown, and when the newest of them was made. Called where a message may have gone or changed
-- its time; one that is added is counted by itself.
create or replace function history.counted(tenant uuid, conversation uuid, out messages integer, out newest timestamptz)
language plpgsql stable set search_path = history_maintenance, pg_temp
as $$
begin
    select count(*), max(m.created_at) into messages, newest
    from public.messages m where m.tenant_id = tenant and m.conversation_id = conversation and m.current;
end $$;

-- Fills the columns of turns from the metadata of messages, in whole conversations that the caller has locked. An entry of previous
-- becomes a row that is not current, and so does each further key of a request. Metadata stays as it is: the release before reads
-- it, and arrays are made from it. Called by convert; for the rows of an earlier version by upgrade_2 and the first turn.
create or replace function history.take_over(ids uuid[]) returns void
language plpgsql set search_path = history_maintenance, pg_temp
as $$
declare
    told record;
    turn record;
begin
    for told in
        select t.tenant_id, t.conversation_id, t.user_id, t.id, t.seq, t.role, t.metadata, t.created_at
        from public.conversations c join public.messages t on t.tenant_id = c.tenant_id and t.conversation_id = c.id
        where c.id = any (ids) and t.current and (t.metadata ?| history.turn_keys() or t.metadata -> 'legacy' ? 'parts')
        order by t.conversation_id, t.seq
    loop
        turn := history.turn_of(told.metadata);
        turn.reply_to := history.question_meant(told.tenant_id, told.conversation_id, told.seq, turn.reply_to);
        update public.messages t
        set status = turn.status, reply_to = turn.reply_to, lease_until = turn.lease_until, client_id = turn.client_id,
            request_key = turn.request_key, request_hash = turn.request_hash, model = turn.model,
            input_tokens = turn.input_tokens, output_tokens = turn.output_tokens, parts = coalesce(t.parts, history.parts_of(told.metadata))
        where t.tenant_id = told.tenant_id and t.id = told.id;
        continue when not told.metadata ?| array['previous', 'requests'];
        insert into public.messages as t (id, tenant_id, conversation_id, user_id, seq, role, content, metadata, created_at,
            status, current, reply_to, request_key, request_hash)
        select history.uuid_of(sha256(uuid_send(told.id) || int8send(v.place))),
            told.tenant_id, told.conversation_id, told.user_id,
            (select max(l.seq) from public.messages l where l.tenant_id = told.tenant_id and l.conversation_id = told.conversation_id)
                + v.place,
            told.role, coalesce(v.version ->> 'content', ''), jsonb_build_object('version_of', told.id),
            coalesce(history.element_time(v.version -> 'created_at'), told.created_at),
            was.status, false, turn.reply_to, v.key, v.hash
        from (
            select row_number() over () as place, p.version, r.key, r.hash
            from (
                select e.value as version, e.place from jsonb_array_elements(
                    case when jsonb_typeof(told.metadata -> 'previous') = 'array' then told.metadata -> 'previous' else '[]' end)
                    with ordinality e(value, place)
            ) p
            full join (
                select e.key, e.value as hash, row_number() over () as place
                from jsonb_each_text(history.object_of(told.metadata -> 'requests')) e
                where octet_length(e.key) <= 255 and e.key <> turn.request_key
            ) r on r.place = p.place
        ) v
        cross join lateral history.turn_of(case when v.version is null then told.metadata else v.version end) was
        on conflict do nothing;
    end loop;
    perform history.restore_replaced(ids);
    update public.conversations c
    set last_seq = l.last_seq, last_message_at = l.newest,
        revision = coalesce(c.revision + (c.revision = l.version and (c.archived or c.labels <> '{}' or l.differs))::integer, l.version)
    from (
        select o.id, history.version_of(o.updated_at) as version, -- an array's, which does not show what differs
            coalesce(bool_or(m.current and m.status <> 'completed'), false) as differs,
            greatest(max(o.last_seq), max(m.seq)) as last_seq, max(m.created_at) filter (where m.current) as newest
        from public.conversations o left join public.messages m on m.tenant_id = o.tenant_id and m.conversation_id = o.id
        where o.id = any (ids) group by o.tenant_id, o.id
    ) l
    where c.id = l.id;
end $$;

-- Whether a number is longer than a thousand digits, before or after the point, when it is printed; found without printing it:
-- `1e131071` is eight bytes to send and 131,072 digits to read, and zeros after the point are not stored at all.
create or replace function history.has_endless_number(value jsonb) returns boolean
language sql immutable
return exists (
    select from jsonb_path_query(value, 'strict $.** ? (@.type() == "number")') n
    where abs(n::numeric) >= 1e1000 or scale(n::numeric) > 1000);

-- What is wrong with a client's metadata, as a message; null: nothing. It must be an object that every reader of a list can handle,
-- as it is stored and printed. The size is checked last, because the other limits bound the cost of printing.
create or replace function history.excess(value jsonb, most integer, name text default 'metadata') returns text
language sql immutable strict
return case
    when name = 'metadata' and jsonb_typeof(value) <> 'object' then 'metadata must be an object.'
    when jsonb_path_exists(value, 'strict $.**{32} ? (@.type() == "object" || @.type() == "array")')
        then format('%s is nested too deep; at most 32 levels.', name)
    when history.has_endless_number(value) then format('%s has a number that is too long; at most 1000 digits.', name)
    when octet_length(value::text) > most then format('%s has %s bytes; at most %s.', name, octet_length(value::text), most)
end;

-- Whether elements are nested deeper than 64 levels, or the column deeper than that plus the possible wrappers.
create or replace function history.is_deep(elements jsonb, whole jsonb) returns boolean
language sql immutable
return jsonb_path_exists(elements, 'strict $.**{66}') or coalesce(jsonb_path_exists(whole, 'strict $.**{75}'), false);

-- Refuses an array that has grown larger than a dump and its readers can hold: one stored byte may be seven bytes of output. An array
-- that was larger before may shrink. Called where rows become an array, whoever wrote them.
create or replace function history.refuse_growth(tenant uuid, conversation uuid, elements jsonb) returns void
language plpgsql stable set search_path = history_maintenance, pg_temp
as $$
begin
    if pg_column_size(elements) > 104857600 and pg_column_size(elements) > coalesce((
        select pg_column_size(c.messages #> '{}') from public.conversations c where c.tenant_id = tenant and c.id = conversation), 0)
    then
        raise program_limit_exceeded using message = 'The conversation is full: its array may have at most 100 MB.';
    end if;
end $$;

-- Ends a statement that did not store or delete a row, so that nothing of it is done: a trigger of the team's returned null, or a rule did
-- nothing. stored: found, or of a deletion whether the row is gone. Called after each insert of a row, after updates that a turn relies
-- on, and where conversations and messages are deleted.
create or replace function history.refuse_loss(stored boolean, relation text) returns void
language plpgsql set search_path = pg_catalog, pg_temp
as $$
begin
    if stored is not true then
        raise triggered_action_exception using schema = 'public', table = relation,
            message = format('A trigger or a rule of public.%s kept a row from being stored or deleted, or a policy hides it: '
                'let it return the row, or drop it.', relation);
    end if;
end $$;

-- Refuses a message of a turn that would not fit into a page, as message_limited does for the data API. most: bytes of content.
-- Called by the functions of a turn.
create or replace function history.refuse_message(content text, metadata jsonb, parts jsonb, most integer) returns void
language plpgsql stable set search_path = pg_catalog, pg_temp
as $$
declare
    words constant text := case when octet_length(content) > most then format('content has %s bytes; at most %s.', octet_length(content), most)
        else coalesce(history.excess(metadata, 65536), history.excess(parts, 4000000, 'parts')) end;
begin
    if words is not null then
        raise invalid_parameter_value using message = words, schema = 'public', table = 'messages';
    end if;
end $$;

-- A limit by its name: what the tenant's settings say, a whole number from 1 to 999999999 or "none" for no limit; else what the
-- functions say. Anything else in the settings counts as not set; status names it.
create or replace function history.limit_in(name text, settings jsonb, limits jsonb) returns integer
language sql immutable parallel safe
return case
    when settings -> name = '"none"' then null
    when settings ->> name ~ '^[1-9]\d{0,8}$' and jsonb_typeof(settings -> name) = 'number' then (settings ->> name)::integer
    else (limits ->> name)::integer end;

-- The turns of a user that were granted within a minute before moment, which is now; oldest first. Locks the user's row, or makes it,
-- until the end of the transaction. Called by grant_turn.
create or replace function history.recent_turns(tenant uuid, member uuid, out moment timestamptz, out moments timestamptz[])
language plpgsql set search_path = history_maintenance, pg_temp
as $$
begin
    select g.moments into moments from history.granted_turns g
    where g.tenant_id = tenant and g.user_id = member for no key update;
    if not found then
        insert into history.granted_turns (tenant_id, user_id, moments) values (tenant, member, '{}') on conflict do nothing;
        select g.moments into moments from history.granted_turns g
        where g.tenant_id = tenant and g.user_id = member for no key update;
    end if;
    moment := clock_timestamp();
    -- A clock that was put back leaves moments in the future, which must not lock anybody out for long.
    moments := array(
        select m from unnest(moments) m where m > moment - interval '1 minute' and m < moment + interval '1 minute' order by m);
end $$;

-- Counts a turn of the caller, unless a limit is reached: then raises PT429, with the header fields for the response, as JSON, in the
-- message's second line. limits: those of the functions, {limit_turns_per_minute, limit_tokens_per_day}; the tenant's settings go
-- first. Out: the header fields, by their names (draft-ietf-httpapi-ratelimit-headers); null without a limit. Locks the user's row of
-- granted_turns until the end of the transaction. Runs as the owner, so that callers cannot reset what is counted. Called by claim_turn
-- and what it calls, under the conversation's lock, when nothing else refuses the turn.
create or replace function history.grant_turn(limits jsonb) returns jsonb
language plpgsql security definer set search_path = history_maintenance, pg_temp
as $$
declare
    tenant constant uuid := history.current_tenant();
    me constant uuid := history.user_id();
    settings constant jsonb := (select to_jsonb(t) -> 'settings' from public.tenants t where t.id = tenant);
    turns constant integer := history.limit_in('limit_turns_per_minute', settings, limits);
    tokens constant integer := history.limit_in('limit_tokens_per_day', settings, limits);
    recent record;
    counted timestamptz[];
    moment timestamptz := clock_timestamp();
    is_full boolean := false;
    today date;
    spent bigint;
    is_spent boolean := false;
    turn_wait numeric; -- in seconds, until there is more
    day_wait numeric;
    headers jsonb;
begin
    if turns is null and tokens is null then
        return null;
    end if;
    if turns is not null then
        recent := history.recent_turns(tenant, me);
        moment := recent.moment;
        counted := recent.moments;
        is_full := cardinality(counted) >= turns;
    end if;
    if tokens is not null then
        today := (moment at time zone 'UTC')::date;
        spent := coalesce((select s.tokens from history.spent_tokens s where s.tenant_id = tenant and s.day = today), 0);
        is_spent := spent >= tokens;
        day_wait := ceil(extract(epoch from (today + 1)::timestamp at time zone 'UTC' - moment));
    end if;
    if turns is not null and not is_full and not is_spent then
        counted := counted || moment;
        update history.granted_turns g set moments = counted where g.tenant_id = tenant and g.user_id = me;
    end if;
    turn_wait := case when turns is not null then
        coalesce(ceil(60 + extract(epoch from counted[greatest(cardinality(counted) - turns + 1, 1)] - moment)), 0) end;
    headers := jsonb_build_object(
        'ratelimit-policy', concat_ws(', ', '"turns";q=' || turns || ';w=60', '"tokens";q=' || tokens || ';w=86400;qu="tokens"'),
        'ratelimit', concat_ws(', ', '"turns";r=' || greatest(turns - cardinality(counted), 0) || ';t=' || turn_wait,
            '"tokens";r=' || greatest(tokens - spent, 0) || ';t=' || day_wait));
    if is_full or is_spent then
        raise exception using errcode = 'PT429', message = format(E'Limit reached: %s. Nothing was stored.\n%s',
            concat_ws(', and ', case when is_full then case turns when 1 then 'one turn' else turns || ' turns' end || ' a minute' end,
                case when is_spent then format('%s tokens a day (UTC) for your tenant', tokens) end),
            headers || jsonb_build_object('retry-after', greatest(case when is_full then turn_wait end, case when is_spent then day_wait end, 1)));
    end if;
    return headers;
end $$;

-- Adds the tokens of an answer to those of its tenant's day. metadata: the end's; without usage nothing is added. Locks the day's row
-- until the end of the transaction, last of all. Runs as the owner, so that callers can add and never take away. Called at the end of an
-- attempt, once.
create or replace function history.count_tokens(metadata jsonb) returns void
language plpgsql security definer set search_path = history_maintenance, pg_temp
as $$
declare
    today constant date := (clock_timestamp() at time zone 'UTC')::date;
    tenant uuid;
    turn record;
    added bigint;
begin
    turn := history.turn_of(metadata);
    added := turn.input_tokens::bigint + turn.output_tokens;
    if turn.input_tokens is null or turn.output_tokens is null or added = 0 then
        return;
    end if;
    tenant := history.current_tenant();
    insert into history.spent_tokens (tenant_id, day, tokens) values (tenant, today, 0) on conflict do nothing;
    if found then -- the day begins
        delete from history.spent_tokens s where s.tenant_id = tenant and s.day < today;
    end if;
    update history.spent_tokens s set tokens = s.tokens + added where s.tenant_id = tenant and s.day = today;
end $$;

-- conversations, before a client under policies writes: refuses new values that would break a list for its readers.
create or replace function history.conversation_limited() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
declare
    earliest constant timestamptz := '2000-01-01 00:00:00+00';
    latest constant timestamptz := '2100-01-01 00:00:00+00';
    words text := case
        when new.created_at is distinct from old.created_at and (new.created_at < earliest or new.created_at >= latest)
            or new.updated_at is distinct from old.updated_at and (new.updated_at < earliest or new.updated_at >= latest)
            then 'created_at and updated_at must be times of the years 2000 to 2099.'
        when new.request_hash is distinct from old.request_hash and octet_length(new.request_hash) > 200
            then 'request_hash is too long; at most 200 bytes.'
        when new.labels is distinct from old.labels and (cardinality(new.labels) > 20 or exists (
            select from unnest(new.labels) l where char_length(l) > 50 or l ~ history.unseen()))
            then 'labels must be at most 20, each of 1 to 50 characters.'
        when new.metadata is distinct from old.metadata then history.excess(new.metadata, 65536) end;
begin
    if words is not null then
        raise invalid_parameter_value using message = words, schema = tg_table_schema, table = tg_table_name;
    end if;
    return new;
end $$;

-- messages, before insert or update by a client under policies: refuses what would not fit into a page. Checks only what the statement
-- changes. Answers of the API, and what it keeps in their metadata, have higher limits.
create or replace function history.message_limited() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
declare
    of_the_api constant text[] := '{legacy,previous,attempt,failure,requests}';
    attempted constant boolean := new.role = 'assistant' and (new.metadata ? 'attempt' or old.metadata ? 'attempt') is true;
    most integer := case when attempted then 5242880 else 1048576 end;
    words text := case
        when new.created_at is distinct from old.created_at
            and (new.created_at < '2000-01-01 00:00:00+00' or new.created_at >= '2100-01-01 00:00:00+00')
            then 'created_at must be a time of the years 2000 to 2099.'
        when new.content is distinct from old.content and octet_length(new.content) > most
            then format('content has %s bytes; at most %s.', octet_length(new.content), most)
        when new.metadata is not distinct from old.metadata then null
        when new.metadata ?| of_the_api then coalesce(
            history.excess(new.metadata - 'legacy', 16777216), history.excess(new.metadata - of_the_api, 65536))
        else history.excess(new.metadata, 65536) end;
begin
    if words is not null then
        raise invalid_parameter_value using message = words, schema = tg_table_schema, table = tg_table_name;
    end if;
    return new;
end $$;

-- conversations, before a client under policies writes an array: refuses what would become too many or too large rows, or a column
-- that no dump could hold, its wrapping included. What exceeded a limit before may stay, and shrink.
-- Sizes are those of the text. A small stored value need not be printed: each of its bytes is at most a hundred of text.
create or replace function history.array_limited() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
declare
    most_elements constant integer := 20000;
    most_bytes constant integer := 8388608;
    most_bytes_of_all constant integer := 134217728;
    becomes jsonb := history.list_of(new.messages);
    was jsonb := history.list_of(old.messages);
    words text;
begin
    words := case
        when jsonb_array_length(becomes) > greatest(most_elements, jsonb_array_length(was))
            then format('messages has %s elements; at most %s.', jsonb_array_length(becomes), most_elements)
        when history.is_deep(becomes, new.messages) and not history.is_deep(was, old.messages)
            then 'messages is nested too deep; at most 64 levels in an element.'
        when (history.has_endless_number(becomes) or history.has_endless_number(new.messages))
            and not (history.has_endless_number(was) or history.has_endless_number(old.messages)) is true
            then 'messages has a number that is too long; at most 1000 digits.'
        when pg_column_size(becomes) > most_bytes / 100 and exists (
            select from jsonb_array_elements(becomes) e
            where pg_column_size(e.value) > most_bytes / 100 and octet_length(e.value::text) > most_bytes
                and e.value not in (select w.value from jsonb_array_elements(was) w))
            then format('messages has an element that is too large; at most %s bytes.', most_bytes)
        when pg_column_size(new.messages) > most_bytes_of_all / 100
            and octet_length(new.messages::text) > most_bytes_of_all
            and octet_length(new.messages::text) > coalesce(octet_length(old.messages::text), 0)
            then format('messages is too large; at most %s bytes.', most_bytes_of_all) end;
    if words is not null then
        raise invalid_parameter_value using message = words, schema = tg_table_schema, table = tg_table_name;
    end if;
    return new;
end $$;

-- The next updated_at of a conversation, its version for clients: now, but later than the old one, unless that is an impossible time.
create or replace function history.next_version(before timestamptz) returns timestamptz
language sql volatile
return case when before >= clock_timestamp() and before < timestamptz '2100-01-01 00:00:00+00'
    then before + interval '1 microsecond' else clock_timestamp() end;

-- conversations, before insert by a client: marks a row whose id is taken, for id_refused to refuse.
create or replace function history.conversation_asked() returns trigger
language plpgsql security definer set search_path = history_maintenance, pg_temp
as $$
begin
    new.last_seq := case when exists (select from public.conversations c where c.id = new.id) then -1 else 0 end;
    return new;
end $$;

-- conversations and messages, before insert of a row that conversation_asked or message_inserted marked because its id is taken. Runs
-- as the caller: PostgreSQL itself handles a row that the caller sees. Any other is refused here, before `on conflict … do update …
-- where` could show it to a condition of the caller's (servers before 15.20, 16.16, 17.12 and 18.7 do). The words are the same for
-- every statement, so the caller learns only that the id is taken.
create or replace function history.id_refused() returns trigger
language plpgsql set search_path = pg_catalog, pg_temp
as $$
declare
    key text;
begin
    if tg_table_name = 'messages' then
        new.seq := -new.seq;
        if exists (select from public.messages m where m.id = new.id) then
            return new;
        end if;
    elsif exists (select from public.conversations c where c.id = new.id) then
        return new;
    end if;
    key := (select k.conname from pg_constraint k where k.conrelid = tg_relid and k.contype = 'p');
    raise unique_violation using message = format('duplicate key value violates unique constraint "%s"', key),
        schema = tg_table_schema, table = tg_table_name, constraint = key;
end $$;

-- conversations, after insert or update of one with labels, by anybody: keeps the table that lists by label are read from.
create or replace function history.labelled_again() returns trigger
language plpgsql security definer set search_path = history_maintenance, pg_temp
as $$
begin
    delete from history.labelled l where l.conversation_id = new.id;
    insert into history.labelled (tenant_id, user_id, label, archived, place, conversation_id)
    select new.tenant_id, new.user_id, l, new.archived, coalesce(new.last_message_at, new.created_at, '-infinity'), new.id
    from unnest(new.labels) l
    on conflict do nothing;
    return null;
end $$;

-- conversations, after any change, with Supabase Realtime: sends id and revision (null: deleted), nothing else, to its user's topic.
create or replace function history.revision_sent() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
begin
    perform realtime.send(jsonb_build_object('id', coalesce(new.id, old.id), 'revision', new.revision), 'conversation',
        'conversations:' || coalesce(new.user_id, old.user_id), true);
    return null;
end $$;

-- conversations, before insert or update by a client: fills in what the client leaves out, and overwrites what it may not set. An
-- update that changes nothing leaves revision and updated_at as they are.
create or replace function history.conversation_written() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
declare
    was record := old;
    became record;
begin
    if tg_op = 'INSERT' or old.last_seq is not null or new.title is distinct from old.title
        or new.metadata is distinct from old.metadata
    then -- otherwise the backfill will normalise what was there, and remember it
        new.title := case when new.title ~ '[^[:space:]]' then new.title else 'New Conversation' end;
        new.metadata := coalesce(new.metadata, '{}');
    end if;
    if new.labels <> '{}' then -- each once, and in one dimension
        new.labels := array(select l.label from unnest(new.labels) with ordinality l(label, place)
            where l.label is not null group by l.label order by min(l.place));
    end if;
    if tg_op = 'INSERT' then
        new.last_seq := 0;
        new.message_count := 0;
        new.last_message_at := null;
        new.created_at := coalesce(new.created_at, new.updated_at, now());
        new.updated_at := coalesce(new.updated_at, new.created_at);
        new.revision := history.version_of(new.updated_at);
        return new;
    end if;
    if new.id is distinct from old.id or new.tenant_id is distinct from old.tenant_id then
        raise check_violation using message = 'The id and the tenant of a conversation never change.',
            schema = tg_table_schema, table = tg_table_name;
    end if;
    new.last_seq := old.last_seq;
    new.message_count := old.message_count;
    new.created_at := coalesce(new.created_at, old.created_at);
    new.last_message_at := old.last_message_at;
    new.updated_at := old.updated_at;
    new.revision := old.revision;
    became := new; -- what is compared is unpacked: a large array in new would then be stored anew
    if tg_argv[0] = 'mirror' then -- compared by array_rewritten, where it is written
        was.messages := null;
        became.messages := null;
    end if;
    if became *<> was then
        new.updated_at := history.next_version(old.updated_at);
        new.revision := old.revision + 1;
    end if;
    return new;
end $$;

-- conversations, after a change of its user: updates the messages, and with 'mirror' the array, since its elements name the user.
create or replace function history.owner_changed() returns trigger
language plpgsql security definer set search_path = history_maintenance, pg_temp
as $$
declare
    elements jsonb;
begin
    update public.messages m set user_id = new.user_id where m.tenant_id = new.tenant_id and m.conversation_id = new.id;
    if tg_argv[0] = 'mirror' and exists (
        select from public.messages m
        where m.tenant_id = new.tenant_id and m.conversation_id = new.id and m.current and not m.metadata ? 'legacy')
    then
        elements := history.wrapped(new.messages, history.rebuilt(new.id));
        update public.conversations c set messages = elements where c.tenant_id = new.tenant_id and c.id = new.id;
    end if;
    return null;
end $$;

-- conversations, after delete by anybody: records that the conversation existed, with the keys of its requests, and cascades to messages
-- until there is a foreign key, and to tables without one. Once there is, the messages are gone by now, and messages_changed does that.
create or replace function history.conversation_deleted() returns trigger
language plpgsql security definer set search_path = history_maintenance, pg_temp
as $$
begin
    perform history.forget_conversation(old.tenant_id, old.user_id, old.id, case when old.last_seq is null then to_jsonb(old) -> 'messages' end);
    insert into history.deleted (tenant_id, user_id, id)
    select m.tenant_id, m.user_id, n.name
    from public.messages m
    cross join lateral history.names_of(m.id, m.tenant_id, m.user_id, m.metadata, m.request_key) n
    where m.tenant_id = old.tenant_id and m.conversation_id = old.id and n.is_key
    on conflict do nothing;
    delete from public.messages m where m.tenant_id = old.tenant_id and m.conversation_id = old.id;
    perform history.refuse_loss(not exists (
        select from public.messages m where m.tenant_id = old.tenant_id and m.conversation_id = old.id), 'messages');
    delete from history.quarantine q where q.tenant_id = old.tenant_id and q.conversation_id = old.id;
    delete from history.labelled l where l.conversation_id = old.id;
    delete from history.remembered r where r.conversation_id = old.id;
    delete from history.progress p where p.conversation_id = old.id;
    return null;
end $$;

-- conversations, and chat_sessions once erase or a rollback has made it a trigger there, after insert by anybody but the migration: a
-- conversation of that user that erase or prune has deleted is refused with PT410, of which PostgREST makes a 410. After, because an
-- insert may have waited for the deletion, and nobody learns this of an id that the policies do not let them use.
create or replace function history.erased_refused() returns trigger
language plpgsql security definer set search_path = history_maintenance, pg_temp
as $$
begin
    if exists (
        select from history.deleted d
        where d.id = new.id and d.tenant_id = new.tenant_id and d.user_id = new.user_id and d.erased)
    then
        raise exception using errcode = 'PT410', message = 'This conversation has been erased, and cannot be stored again.';
    end if;
    return null;
end $$;

-- Stores consecutive elements as rows or in quarantine, at seqs, or after before where that is null. The caller has the lock.
create or replace function history.put(
    tenant uuid, conversation uuid, owner uuid, otherwise timestamptz, elements jsonb, before bigint, seqs bigint[])
returns void
language plpgsql set search_path = history_maintenance, pg_temp
as $$
begin
    -- Not in the statement, which would ask for every element.
    otherwise := history.time_before(tenant, conversation, coalesce(seqs[1], before + 1), otherwise);
    with element as materialized (
        select * from history.elements(elements, conversation, otherwise, before, seqs)
    ), no_longer as (
        delete from public.messages m
        where m.tenant_id = tenant and m.conversation_id = conversation
            and m.seq = any (array(select e.seq from element e where e.reason is not null))
    ), freed as (
        delete from history.quarantine q
        where q.tenant_id = tenant and q.conversation_id = conversation
            and q."position" = any (array(select e.seq from element e where e.reason is null))
    ), kept as (
        insert into history.quarantine as q (tenant_id, conversation_id, "position", reason, element, original)
        select tenant, conversation, e.seq, e.reason, e.element, null from element e where e.reason is not null
        on conflict (tenant_id, conversation_id, "position")
            do update set reason = excluded.reason, element = excluded.element, original = excluded.original
    )
    insert into public.messages as m (id, tenant_id, conversation_id, user_id, seq, role, content, metadata, created_at,
        status, reply_to, lease_until, client_id, request_key, request_hash, model, input_tokens, output_tokens, parts)
    select coalesce((select gen_random_uuid() from public.messages m where m.id = e.id), e.id), -- somebody may have taken it
        tenant, conversation, owner, e.seq, e.role, e.content, e.metadata, e.created_at, t.*, history.parts_of(e.metadata)
    from element e cross join lateral history.turn_of(e.metadata) t where e.reason is null
    on conflict (tenant_id, conversation_id, seq)
        do update set role = excluded.role, content = excluded.content, metadata = excluded.metadata, created_at = excluded.created_at,
            status = excluded.status, reply_to = excluded.reply_to, lease_until = excluded.lease_until, client_id = excluded.client_id,
            request_key = excluded.request_key, request_hash = excluded.request_hash, model = excluded.model,
            input_tokens = excluded.input_tokens, output_tokens = excluded.output_tokens, parts = excluded.parts;
end $$;

create or replace function history.remove(tenant uuid, conversation uuid, seqs bigint[]) returns void
language plpgsql set search_path = history_maintenance, pg_temp
as $$
begin
    delete from public.messages m
    where m.tenant_id = tenant and m.conversation_id = conversation and m.seq = any (seqs);
    delete from history.quarantine q
    where q.tenant_id = tenant and q.conversation_id = conversation and q."position" = any (seqs);
end $$;

-- Records, to the minute, that an array was written through the old name. A sequence, because nobody waits for it.
create sequence if not exists history.old_name_written minvalue 0 start 0;
revoke all on sequence history.old_name_written from public, anon, authenticated, service_role; -- default privileges may grant it

-- Called by the mirrors. Locks nothing.
create or replace function history.old_name_used() returns void
language plpgsql set search_path = pg_catalog, pg_temp
as $$
declare
    moment constant bigint := extract(epoch from now());
begin
    if (select w.last_value from history.old_name_written w) < moment - 60 then
        perform setval('history.old_name_written', moment);
    end if;
end $$;

-- conversations, before insert of an array by the old application.
create or replace function history.array_inserted() returns trigger
language plpgsql security definer set search_path = history_maintenance, pg_temp
as $$
begin
    perform history.old_name_used();
    select coalesce(max(e.seq), 0), count(*) filter (where e.reason is null), max(e.created_at) filter (where e.reason is null)
    into new.last_seq, new.message_count, new.last_message_at
    from history.elements(new.messages, new.id, new.created_at) e;
    return new;
end $$;

-- conversations, after insert of an array by the old application, when the conversation exists.
create or replace function history.array_stored() returns trigger
language plpgsql security definer set search_path = history_maintenance, pg_temp
as $$
begin
    perform history.put(new.tenant_id, new.id, new.user_id, new.created_at, new.messages, 0, null);
    return null;
end $$;

-- Stores the elements that have changed (was: null for all), each at its seq; consecutive ones together, so that one without a time takes
-- its predecessor's. Called for arrays that the old application replaces, and for entries of the quarantine.
create or replace function history.put_changed(
    tenant uuid, conversation uuid, owner uuid, otherwise timestamptz, was jsonb[], becomes jsonb[], seqs bigint[])
returns void
language plpgsql set search_path = history_maintenance, pg_temp
as $$
declare
    run record;
begin
    for run in
        select jsonb_agg(c.element order by c.i) as elements, array_agg(c.seq order by c.i) as seqs
        from (
            select u.element, u.seq, u.i, u.seq - row_number() over (order by u.seq) as island
            from unnest(was, becomes, seqs) with ordinality u(before, element, seq, i)
            where u.seq is not null and u.before is distinct from u.element
        ) c
        group by c.island order by min(c.i)
    loop
        perform history.put(tenant, conversation, owner, otherwise, run.elements, 0, run.seqs);
    end loop;
end $$;

-- The ids of the elements that the API wrote before expand or before a rollback, each at its place in the array; null for others. An
-- answer has the status and the question of a turn; a question an id as the API makes them, and a mark of a turn or such an answer.
create or replace function history.written_by_api(list jsonb, conversation uuid) returns text[]
language sql immutable parallel safe
begin atomic
    with element as (
        select e.place, e.value ->> 'id' as id, e.value #>> '{metadata,reply_to}' as reply_to,
            e.value ->> 'role' = 'assistant' and e.value -> 'metadata' ?& array['status', 'reply_to'] as is_answer,
            e.value ->> 'role' = 'user' and e.value ? 'userId' and e.value ->> 'sessionId' = conversation::text
                and e.value ->> 'id' ~ '^[0-9a-f]{8}-[0-9a-f]{4}-[78][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$' as may_ask,
            e.value -> 'metadata' ?| array['client_id', 'attempt', 'failure', 'requests'] as has_mark
        from jsonb_array_elements(list) with ordinality e(value, place)
    ), told as (
        select e.place, e.id, e.is_answer or e.may_ask and (e.has_mark or lead(e.is_answer) over (order by e.place)
            or e.id in (select a.reply_to from element a where a.is_answer)) as is_api
        from element e
    )
    select array_agg(case when t.nth = 1 then t.id end order by t.place)
    from (select t.*, case when t.is_api then row_number() over (partition by t.is_api, t.id order by t.place) end as nth from told t) t;
end;

-- An array that replaces another one, with the elements that the API wrote there where they were, if any is missing or changed. api: their
-- ids, as in written_by_api. Called by array_rewritten, of a conversation that is not in rows yet.
create or replace function history.with_api(was jsonb, becomes jsonb, api text[]) returns jsonb
language sql immutable parallel safe
begin atomic
    with kept as (
        select e.value, e.place, e.id, count(*) filter (where e.id is null) over (order by e.place) as other
        from rows from (jsonb_array_elements(was), unnest(api)) with ordinality e(value, id, place)
    ), own as (
        select n.value, row_number() over (order by n.place) as other
        from (
            select e.value, e.place, row_number() over (partition by e.value ->> 'id' order by e.place) as nth
            from jsonb_array_elements(becomes) with ordinality e(value, place)) n
        where n.nth > 1 or (n.value ->> 'id' in (select k.id from kept k where k.id is not null)) is not true
    )
    select case when not exists (select k.value from kept k where k.id is not null except select jsonb_array_elements(becomes)) then becomes
        else jsonb_agg(m.value order by m.other, m.place) end
    from (
        select k.value, k.other, k.place from kept k where k.id is not null
        union all
        select o.value, o.other, 0 from own o) m;
end;

-- The seqs of the elements of a conversation in their order, and which of them the API wrote: their ids, null for others. api: as in
-- written_by_api; a copy of a row that never was an element is none of these. Called by rewrite.
create or replace function history.places(tenant uuid, conversation uuid, api text[], out seqs bigint[], out ids text[])
language plpgsql stable set search_path = history_maintenance, pg_temp
as $$
begin
    select array_agg(l.seq order by l.seq), array_agg(case when l.own is not null or l.rows = 0 then l.id end order by l.seq)
    into seqs, ids
    from (
        select n.seq, n.own, n.id, count(n.own) over (partition by n.id) as rows
        from (
            select e.seq, e.own, coalesce(e.own, a.id) as id
            from (
                select r.*, row_number() over (order by r.seq) as place
                from (
                    select m.seq, case when not m.metadata ? 'legacy' then m.id::text end as own
                    from public.messages m where m.tenant_id = tenant and m.conversation_id = conversation and m.current
                    union all
                    select q."position", null from history.quarantine q where q.tenant_id = tenant and q.conversation_id = conversation
                ) r
            ) e
            left join unnest(api) with ordinality a(id, place) on a.place = e.place
        ) n
    ) l;
end $$;

-- Applies a replaced array to the rows: removes, changes and adds rows, except those that the API wrote. whole: the column itself,
-- if it holds no array; api: as in written_by_api. Out: the new last_seq. Called by array_rewritten, which has the lock.
create or replace function history.rewrite(
    tenant uuid, conversation uuid, owner uuid, otherwise timestamptz, last_seq bigint, was jsonb, becomes jsonb, whole jsonb,
    api text[])
returns bigint
language plpgsql set search_path = history_maintenance, pg_temp
as $$
declare
    seqs bigint[];
    written_by_api text[];
    old_elements jsonb[];
    new_elements jsonb[];
    same_before integer;
    same_after integer := 0;
    length integer;
    added integer;
begin
    select p.seqs, p.ids into seqs, written_by_api from history.places(tenant, conversation, api) p;
    select coalesce(array_agg(o.seq order by o.k), '{}'), coalesce(array_agg(o.value order by o.k), '{}') into seqs, old_elements
    from rows from (jsonb_array_elements(was), unnest(seqs), unnest(written_by_api)) with ordinality o(value, seq, id, k)
    where o.id is null and o.value is not null;
    new_elements := array(
        select n.value
        from (
            select e.value, e.k, row_number() over (partition by e.value ->> 'id' order by e.k) as nth
            from jsonb_array_elements(becomes) with ordinality e(value, k)
        ) n
        where (n.nth = 1 and n.value ->> 'id' in (select w.id from unnest(written_by_api) w(id) where w.id is not null)) is not true
        order by n.k);
    if whole is not null then
        perform history.remove(tenant, conversation, seqs);
        perform history.put(tenant, conversation, owner, otherwise, whole, 0, null);
        return last_seq;
    end if;
    if seqs[1] = 0 and new_elements[1] is distinct from old_elements[1] then
        perform history.remove(tenant, conversation, array[0]);
        seqs := seqs[2:];
        old_elements := old_elements[2:];
    end if;
    length := cardinality(old_elements);
    added := cardinality(new_elements) - length;
    if added < 0 then
        select coalesce(min(u.i) - 1, length) into same_before
        from unnest(old_elements, new_elements) with ordinality u(o, n, i) where u.o is distinct from u.n;
        select length + added - coalesce(max(u.i), 0) into same_after
        from unnest(old_elements[1 - added:], new_elements) with ordinality u(o, n, i) where u.o is distinct from u.n;
        same_after := least(same_after, length + added - same_before);
        perform history.remove(tenant, conversation, seqs[length + added - same_after + 1 : length - same_after]);
        old_elements := old_elements[:length + added - same_after] || old_elements[length - same_after + 1:];
        seqs := seqs[:length + added - same_after] || seqs[length - same_after + 1:];
    end if;
    seqs := seqs || array(select generate_series(last_seq + 1, last_seq + added));
    perform history.put_changed(tenant, conversation, owner, otherwise, old_elements, new_elements, seqs);
    return last_seq + greatest(added, 0);
end $$;

-- conversations, before the old application replaces an array: the changes go to the rows. Its copy may be stale, so it never
-- removes or changes messages that the API wrote, be it into the array: they keep their place and their text.
create or replace function history.array_rewritten() returns trigger
language plpgsql security definer set search_path = history_maintenance, pg_temp
as $$
declare
    otherwise timestamptz := coalesce(new.created_at, new.updated_at, to_timestamp(0));
    was jsonb := history.list_of(old.messages);
    becomes jsonb := history.list_of(new.messages);
    is_array boolean := history.unwrapped(new.messages) is not null;
    length integer := jsonb_array_length(was);
    added integer := jsonb_array_length(becomes) - length;
    done bigint;
    api text[]; -- null: it is not the old application, or the array goes on
begin
    if new.updated_at is not distinct from old.updated_at and row(new.messages)::record *<> row(old.messages)::record then
        new.updated_at := history.next_version(old.updated_at);
        new.revision := old.revision + 1;
    end if;
    if new.messages is not distinct from old.messages then -- 1.0 for 1: another text, but no other rows
        return new;
    end if;
    perform history.old_name_used();
    if session_user <> 'history_functions' and not (is_array and history.slice(becomes, 1, length) = was) then
        api := history.written_by_api(was, old.id);
    end if;
    if old.last_seq is null then -- too large for one commit: its first positions may be rows; if they have changed it starts again
        if array_remove(api, null) <> '{}' then
            becomes := history.with_api(was, becomes, api);
            new.messages := history.wrapped(new.messages, becomes);
            is_array := true;
        end if;
        done := (select p.converted from history.progress p where p.conversation_id = old.id);
        if done is null then
            return new;
        elsif not is_array or history.slice(was, 1, done) <> history.slice(becomes, 1, done) then
            perform history.remove(old.tenant_id, old.id, array(select generate_series(0, done)));
            delete from history.progress p where p.conversation_id = old.id;
        end if;
        return new;
    end if;
    if added > 0 and is_array and (length = 0
        or history.unwrapped(old.messages) is not null and history.slice(becomes, 1, length) = was)
    then
        perform history.put(
            old.tenant_id, old.id, old.user_id, otherwise, history.slice(becomes, length + 1, length + added), old.last_seq, null);
        new.last_seq := old.last_seq + added;
    else
        new.last_seq := history.rewrite(old.tenant_id, old.id, old.user_id, otherwise, old.last_seq, was, becomes,
            case when jsonb_typeof(new.messages) <> 'null' and not is_array then new.messages end, api);
        if array_remove(api, null) <> '{}' or exists (
            select from public.messages m
            where m.tenant_id = old.tenant_id and m.conversation_id = old.id and m.current and not m.metadata ? 'legacy')
        then
            new.messages := history.wrapped(new.messages, history.rebuilt(old.id));
        end if;
    end if;
    select n.messages, n.newest into new.message_count, new.last_message_at from history.counted(old.tenant_id, old.id) n;
    return new;
end $$;

-- messages, before insert by a client: locks the conversation and sets its tenant and user, the next seq, and, if the client gives no
-- time, one after the last message's. What metadata say of a turn is taken from the functions only. Leaves two marks for triggers
-- that run as the caller: seq 0 if the conversation or the message is not the user's own, for message_allowed; a negative seq if the
-- id is taken, for id_refused.
create or replace function history.message_inserted() returns trigger
language plpgsql security definer set search_path = history_maintenance, pg_temp
as $$
declare
    me constant uuid := history.user_id();
    conversation record;
    before record;
begin
    if new.tenant_id is null then
        select c.tenant_id into new.tenant_id from public.conversations c where c.id = new.conversation_id and c.user_id = me;
    end if;
    select c.user_id, c.last_seq into conversation from public.conversations c
    where c.tenant_id = new.tenant_id and c.id = new.conversation_id
        and (tg_nargs > 0 or c.user_id = me and coalesce(new.user_id, me) = me)
    for no key update;
    if not found and tg_nargs = 0
        and not exists (select from pg_trigger t where t.tgrelid = tg_relid and t.tgname = 'history_3_inserted')
    then -- an upgrade attaches one trigger after the other
        select c.user_id, c.last_seq into conversation from public.conversations c
        where c.tenant_id = new.tenant_id and c.id = new.conversation_id for no key update;
    end if;
    if not found then
        new.seq := 0;
        return new;
    end if;
    new.user_id := coalesce(new.user_id, conversation.user_id);
    if conversation.last_seq is null then
        perform history.convert(array[new.conversation_id]);
        conversation.last_seq := (
            select c.last_seq from public.conversations c where c.tenant_id = new.tenant_id and c.id = new.conversation_id);
    end if;
    -- Rows of the same statement are not counted in last_seq yet.
    select m.seq, m.created_at into before from public.messages m
    where m.tenant_id = new.tenant_id and m.conversation_id = new.conversation_id order by m.seq desc limit 1;
    new.seq := 1 + greatest(conversation.last_seq, before.seq);
    if exists (select from public.messages m where m.id = new.id)
        or substr(new.id::text, 15, 1) = '8' and history.is_reserved(new.id, new.conversation_id)
    then
        new.seq := -new.seq;
    end if;
    if new.created_at is null or new.created_at = now() then -- the column's default, the same for a whole transaction
        new.created_at := clock_timestamp();
        if before.created_at >= new.created_at and before.created_at < new.created_at + interval '1 second' then
            new.created_at := before.created_at + interval '1 microsecond';
        end if;
    end if;
    new.metadata := coalesce(new.metadata, '{}');
    if new.metadata ? 'legacy' then -- the word that marks what came from an array
        new.metadata := (new.metadata - 'legacy') || jsonb_build_object('legacy_', new.metadata -> 'legacy');
    end if;
    if session_user = 'history_functions' and new.metadata ?| history.turn_keys() then -- the release before tells of a turn there
        new := jsonb_populate_record(new, to_jsonb(history.turn_of(new.metadata)));
    elsif jsonb_typeof(new.metadata) = 'object' then
        new.metadata := new.metadata - history.turn_keys();
    end if;
    return new;
end $$;

-- messages, before insert of a row that message_inserted marked because the conversation is not the user's own. Runs as the caller:
-- the policies decide who may write there. Nobody else learns whether the conversation exists, or waits for its lock.
create or replace function history.message_allowed() returns trigger
language plpgsql set search_path = pg_catalog, pg_temp
as $$
declare
    conversation record;
begin
    select c.tenant_id, c.user_id into conversation from public.conversations c
    where c.id = new.conversation_id and (new.tenant_id is null or c.tenant_id = new.tenant_id)
    for no key update;
    if not found and row_security_active(tg_relid) and current_user <> 'service_role' then
        raise insufficient_privilege using message = 'new row violates row-level security policy for table "messages"',
            schema = tg_table_schema, table = tg_table_name;
    elsif not found then
        raise foreign_key_violation using message = 'The conversation of this message does not exist.',
            schema = tg_table_schema, table = tg_table_name, column = 'conversation_id';
    elsif new.user_id <> conversation.user_id then
        raise check_violation using message = 'A message belongs to the user of its conversation.',
            schema = tg_table_schema, table = tg_table_name, column = 'user_id';
    end if;
    new.tenant_id := conversation.tenant_id;
    new.user_id := conversation.user_id;
    return new;
end $$;

-- messages, before update by a client: it keeps its place and its turn, its parts follow its text, and what has changed leaves legacy.
create or replace function history.message_updated() returns trigger
language plpgsql security definer set search_path = history_maintenance, pg_temp
as $$
declare
    legacy jsonb := old.metadata -> 'legacy';
    turn record;
    kept jsonb;
begin
    if (new.id, new.tenant_id, new.conversation_id, new.user_id)
        is distinct from (old.id, old.tenant_id, old.conversation_id, old.user_id)
    then
        raise check_violation using message = 'A message keeps its id, and stays in its conversation and with its user.',
            schema = tg_table_schema, table = tg_table_name;
    end if;
    new.seq := old.seq;
    new.metadata := coalesce(new.metadata, '{}');
    if new.metadata is distinct from old.metadata and (new.metadata ?| history.turn_keys() or old.metadata ?| history.turn_keys()) then
        if session_user <> 'history_functions' then
            kept := (
                select jsonb_object_agg(k.key, old.metadata -> k.key) from unnest(history.turn_keys()) k(key)
                where old.metadata ? k.key and jsonb_typeof(old.metadata) = 'object');
            new.metadata := case jsonb_typeof(new.metadata)
                when 'object' then new.metadata - history.turn_keys() || coalesce(kept, '{}')
                else coalesce(kept, new.metadata) end; -- what a service writes may be no object
        else -- the release before tells of a turn there
            turn := history.turn_of(new.metadata);
            new := jsonb_populate_record(new, jsonb_strip_nulls(to_jsonb(turn)));
            new.lease_until := turn.lease_until;
        end if;
    end if;
    if new.content is distinct from old.content and new.parts = old.parts then
        new.parts := history.with_text(old.parts, new.content);
    end if;
    if new.content is distinct from old.content and new.status <> 'running' and new.metadata #> '{attempt,before}' is not null then
        new.metadata := new.metadata #- '{attempt,before}'; -- it goes on from this text
    end if;
    if legacy is null then
        if new.metadata ? 'legacy' then
            new.metadata := (new.metadata - 'legacy') || jsonb_build_object('legacy_', new.metadata -> 'legacy');
        end if;
        return new;
    end if;
    if new.content is distinct from old.content or new.role is distinct from old.role
        or new.metadata - 'legacy' is distinct from old.metadata - 'legacy'
    then
        legacy := history.kept(history.edited(
            history.element_of(old.id, old.conversation_id, old.user_id, old.role, old.content, old.metadata, old.created_at),
            new.role, new.content, case when new.metadata - 'legacy' is distinct from old.metadata - 'legacy'
                then new.metadata - 'legacy' end), new.role, new.content) -> 'legacy';
    end if;
    new.metadata := new.metadata || jsonb_build_object('legacy', legacy);
    return new;
end $$;

-- messages, after insert by a client, with the conversation locked: counts it, and with 'mirror' appends it to the array.
create or replace function history.message_added() returns trigger
language plpgsql security definer set search_path = history_maintenance, pg_temp
as $$
declare
    version timestamptz;
    elements jsonb;
begin
    select history.next_version(c.updated_at) into version from public.conversations c
    where c.tenant_id = new.tenant_id and c.id = new.conversation_id;
    if tg_argv[0] = 'mirror' then
        elements := history.appended(
            (select c.messages from public.conversations c where c.tenant_id = new.tenant_id and c.id = new.conversation_id),
            history.element_of(new.id, new.conversation_id, new.user_id, new.role, new.content, new.metadata, new.created_at));
        perform history.refuse_growth(new.tenant_id, new.conversation_id, elements);
        update public.conversations c
        set last_seq = greatest(c.last_seq, new.seq), message_count = c.message_count + 1, updated_at = version, messages = elements,
            revision = c.revision + 1, last_message_at = greatest(c.last_message_at, new.created_at)
        where c.tenant_id = new.tenant_id and c.id = new.conversation_id;
    else
        update public.conversations c
        set last_seq = greatest(c.last_seq, new.seq), message_count = c.message_count + 1, updated_at = version,
            revision = c.revision + 1, last_message_at = greatest(c.last_message_at, new.created_at)
        where c.tenant_id = new.tenant_id and c.id = new.conversation_id;
    end if;
    return null;
end $$;

-- Deletes the running answers of a conversation to questions that are gone, and records their names, so that their ends store nothing; and
-- what such questions said before they were edited, with its answers. Called by messages_changed, which has the lock.
create or replace function history.remove_unasked(tenant uuid, conversation uuid) returns void
language plpgsql set search_path = history_maintenance, pg_temp
as $$
begin
    with versions as materialized (
        select v.id from public.messages v
        where v.tenant_id = tenant and v.conversation_id = conversation and not v.current and v.metadata ? 'edit_of' and not exists (
            select from public.messages q
            where q.tenant_id = tenant and q.conversation_id = conversation and q.id = history.to_uuid(v.metadata ->> 'edit_of'))
    ), gone as (
        delete from public.messages m
        where m.tenant_id = tenant and m.conversation_id = conversation and (
            m.id in (select v.id from versions v) or m.reply_to in (select v.id from versions v)
            or m.status = 'running' and m.reply_to is not null and not exists (
                select from public.messages q where q.tenant_id = tenant and q.conversation_id = conversation and q.id = m.reply_to))
        returning m.*
    )
    insert into history.deleted (tenant_id, user_id, id)
    select g.tenant_id, g.user_id, n.name
    from gone g cross join lateral history.names_of(g.id, g.tenant_id, g.user_id, g.metadata, g.request_key) n
    on conflict do nothing;
end $$;

-- Writes the array of a conversation anew, from its rows, to which it is converted first. Called by messages_changed, which has the lock.
create or replace function history.rebuild_array(tenant uuid, conversation uuid) returns void
language plpgsql set search_path = history_maintenance, pg_temp
as $$
declare
    elements jsonb;
begin
    perform history.convert(array[conversation]);
    elements := history.wrapped(
        (select c.messages from public.conversations c where c.tenant_id = tenant and c.id = conversation),
        coalesce(history.rebuilt(conversation), '[]'));
    perform history.refuse_growth(tenant, conversation, elements);
    update public.conversations c set messages = elements where c.tenant_id = tenant and c.id = conversation;
end $$;

-- messages, after a client's update or delete that changed any: counts again, and with 'mirror' rebuilds the array. Locks conversations.
-- Records what was deleted; of messages that went with their conversation only the keys of their requests. The key of an answer whose
-- question is there goes to that. A title that nobody gave follows the first question.
create or replace function history.messages_changed() returns trigger
language plpgsql security definer set search_path = history_maintenance, pg_temp
as $$
declare
    changed record;
    version timestamptz;
    recount boolean;
    counted integer;
    newest timestamptz;
    followed text;
    still_there uuid[] := '{}';
    questions uuid[] := '{}'; -- of what was deleted
begin
    for changed in -- each conversation, with the first of its questions
        select distinct on (b.conversation_id) b.tenant_id, b.conversation_id as id, b.seq,
            case when b.current and b.role = 'user' then b.content end as question
        from before b order by b.conversation_id, (b.current and b.role = 'user') desc, b.seq
    loop
        continue when tg_op = 'UPDATE' and not exists (
            select from before b join public.messages m on m.id = b.id
            where b.conversation_id = changed.id and m.tenant_id = changed.tenant_id and m *<> b);
        select history.next_version(c.updated_at) into version from public.conversations c
        where c.tenant_id = changed.tenant_id and c.id = changed.id for no key update;
        continue when not found; -- deleted with its messages
        still_there := still_there || changed.id;
        if tg_op = 'DELETE' then
            perform history.remove_unasked(changed.tenant_id, changed.id);
            perform history.return_key(b.tenant_id, b.conversation_id, b.reply_to, b.request_key, b.request_hash, b.metadata -> 'requests')
            from before b where b.tenant_id = changed.tenant_id and b.conversation_id = changed.id order by b.created_at, b.seq;
            questions := questions || array(
                select q.id from public.messages q
                where q.tenant_id = changed.tenant_id and q.conversation_id = changed.id and q.id in (select b.reply_to from before b));
        end if;
        if tg_argv[0] = 'mirror' then
            perform history.rebuild_array(changed.tenant_id, changed.id);
        end if;
        recount := tg_op = 'DELETE' or exists (
            select from before b join public.messages m on m.id = b.id
            where b.conversation_id = changed.id and m.tenant_id = changed.tenant_id
                and (m.created_at, m.current) is distinct from (b.created_at, b.current));
        select n.messages, n.newest into counted, newest from history.counted(changed.tenant_id, changed.id) n where recount;
        followed := history.followed_title(changed.tenant_id, changed.id, changed.seq, changed.question);
        update public.conversations c
        set message_count = case when recount then counted else c.message_count end,
            last_message_at = case when recount then newest else c.last_message_at end, title = followed, updated_at = version,
            revision = c.revision + 1
        where c.tenant_id = changed.tenant_id and c.id = changed.id;
    end loop;
    if tg_op = 'DELETE' then
        insert into history.deleted (tenant_id, user_id, id)
        select b.tenant_id, b.user_id, n.name
        from before b
        cross join lateral history.names_of(b.id, b.tenant_id, b.user_id, b.metadata, b.request_key) n
        where case when n.is_key then (b.reply_to = any (questions)) is not true else b.conversation_id = any (still_there) end
        on conflict do nothing;
    end if;
    return null;
end $$;

-- Stores, for a rollback, what the migration changes in these conversations themselves, such as a blank title.
create or replace function history.remember(ids uuid[]) returns void
language plpgsql set search_path = history_maintenance, pg_temp
as $$
begin
    insert into history.remembered (conversation_id, was, became)
    select c.id,
        (select jsonb_object_agg(w.key, w.value) from jsonb_each(n.was) w where w.value is distinct from n.became -> w.key),
        n.became
    from public.conversations c
    cross join lateral (select
        jsonb_build_object('title', c.title, 'metadata', c.metadata, 'created_at', c.created_at, 'updated_at', c.updated_at) as was,
        jsonb_build_object(
            'title', case when c.title ~ '\S' then c.title else 'New Conversation' end,
            'metadata', coalesce(c.metadata, '{}'),
            'created_at', coalesce(c.created_at, c.updated_at, to_timestamp(0)),
            'updated_at', coalesce(c.updated_at, c.created_at, to_timestamp(0))) as became) n
    where c.id = any (ids) and c.last_seq is null and n.was <> n.became
    on conflict do nothing;
end $$;

-- Converts what is not in rows yet, in whole conversations that the caller has locked; or only a slice, what comes next, of one of them.
create or replace function history.convert(
    ids uuid[], slice jsonb default null, out conversations bigint, out elements bigint, out quarantined bigint)
language plpgsql set search_path = history_maintenance, pg_temp
as $$
declare
    with_turns uuid[];
begin
    perform history.remember(ids) where slice is null;
    with pending as materialized (
        select c.*, coalesce(p.converted, 0) as converted, o.otherwise,
            coalesce(slice, case when p.converted is null then o.unpacked
                else history.slice(history.list_of(o.unpacked), p.converted + 1, 2147483647) end) as remaining,
            case when p.converted is null then o.otherwise
                else history.time_before(c.tenant_id, c.id, p.converted + 1, o.otherwise) end as time_before
        from public.conversations c
        cross join lateral (select coalesce(c.created_at, c.updated_at, to_timestamp(0)) as otherwise,
            case when slice is null then c.messages #> '{}' end as unpacked offset 0) o -- unpacked here, once
        left join history.progress p on p.conversation_id = c.id
        where c.id = any (ids) and c.last_seq is null
    ), element as materialized (
        select p.id as conversation_id, p.tenant_id, p.user_id,
            e.seq, e.id, e.role, e.content, e.metadata, e.created_at, e.reason, e.element
        from pending p
        cross join lateral history.elements(p.remaining, p.id, p.time_before, p.converted) e
    ), stored as (
        insert into public.messages (id, tenant_id, conversation_id, user_id, seq, role, content, metadata, created_at, parts, client_id)
        select coalesce((select gen_random_uuid() from public.messages m where m.id = e.id), e.id), -- somebody may have taken it
            e.tenant_id, e.conversation_id, e.user_id, e.seq, e.role, e.content, e.metadata, e.created_at, history.parts_of(e.metadata),
            left(e.metadata #>> '{legacy,id}', 200)
        from element e where e.reason is null
    ), kept as (
        insert into history.quarantine (tenant_id, conversation_id, "position", reason, element)
        select e.tenant_id, e.conversation_id, e.seq, e.reason, e.element from element e where e.reason is not null
    ), counted as (
        select e.conversation_id, max(e.seq) as last_seq, count(*) as elements,
            count(*) filter (where e.reason is null) as messages, max(e.created_at) filter (where e.reason is null) as last_message_at,
            bool_or(e.metadata ?| history.turn_keys()) as has_turns from element e group by e.conversation_id
    ), finished as (
        update public.conversations c
        set last_seq = coalesce(n.last_seq, p.converted),
            message_count = coalesce(n.messages, 0) + case when p.converted = 0 then 0 else (
                select count(*) from public.messages m where m.tenant_id = p.tenant_id and m.conversation_id = p.id) end,
            title = case when p.title ~ '\S' then p.title else 'New Conversation' end,
            metadata = coalesce(p.metadata, '{}'),
            created_at = p.otherwise, updated_at = coalesce(p.updated_at, p.otherwise), last_message_at = n.last_message_at,
            revision = history.version_of(coalesce(p.updated_at, p.otherwise))
        from pending p left join counted n on n.conversation_id = p.id
        where c.id = p.id and slice is null
    ), over as (
        delete from history.progress g using pending p where slice is null and g.conversation_id = p.id
    )
    select (select count(*) from pending), coalesce(sum(n.elements), 0), coalesce(sum(n.elements - n.messages), 0),
        array(select p.id from pending p left join counted k on k.conversation_id = p.id
            where k.has_turns or p.converted > 0 or exists (select from history.replaced r where r.conversation_id = p.id))
    into convert.conversations, convert.elements, convert.quarantined, with_turns
    from counted n;
    if slice is null and with_turns <> '{}' then
        perform history.take_over(with_turns);
    end if;
end $$;

-- The standbys and subscribers that are more than 30 seconds behind; null where none is, or this role may not see it: that takes
-- pg_monitor. Called before every commit of the backfill and of erase and prune.
create or replace function history.standbys_behind() returns text
language sql volatile set search_path = pg_catalog, pg_temp
as $$
    select string_agg(format('standby %s at %s', r.application_name, coalesce(r.client_addr::text, 'a local socket')), '; ' order by r.pid)
    from pg_stat_replication r where r.replay_lag > interval '30 seconds'
$$;

-- Converts conversations a few at a time for as long as nobody waits for a lock of this transaction. In and out: as in convert; where it
-- stopped early the last one, and who waits. Called by backfill_batch, which has locked them, and whose commit lets others pass.
create or replace function history.convert_alone(
    ids uuid[], out conversations bigint, out elements bigint, out quarantined bigint, out stopped_at uuid, out yields_to text)
language plpgsql set search_path = history_maintenance, pg_temp
as $$
declare
    part uuid[];
    done record;
begin
    conversations := 0;
    elements := 0;
    quarantined := 0;
    for place in 1..cardinality(ids) by 50 loop
        part := ids[place:place + 49];
        select v.* into done from history.convert(part) v;
        conversations := conversations + done.conversations;
        elements := elements + done.elements;
        quarantined := quarantined + done.quarantined;
        yields_to := (
            select string_agg(format('pid %s (user %s, application %s)', w.pid, a.usename, coalesce(nullif(a.application_name, ''), '?')), '; ')
            from (select distinct l.pid from pg_locks l where not l.granted) w left join pg_stat_activity a on a.pid = w.pid
            where pg_backend_pid() = any (pg_blocking_pids(w.pid)));
        if yields_to is not null then
            stopped_at := part[cardinality(part)];
            return;
        end if;
    end loop;
end $$;

-- One commit of the backfill: some conversations in the order of their ids, or a slice of one that is too large. Those that are locked
-- are left for the next pass. more: whether anything is pending; yields_to: for whom it stopped early.
create or replace function history.backfill_batch(
    max_conversations integer, max_bytes bigint, max_slice bigint,
    out conversations bigint, out elements bigint, out quarantined bigint, out more boolean, out yields_to text)
language plpgsql set search_path = history_maintenance, pg_temp
as $$
declare
    reached uuid := (select s.backfilled_to from history.state s);
    candidate record;
    ids uuid[] := '{}';
    bytes bigint := 0;
    positions bigint := 0;
begin
    conversations := 0;
    elements := 0;
    quarantined := 0;
    more := true;
    for candidate in
        select c.id, coalesce(pg_column_size(c.messages), 0) as bytes,
            case when pg_column_size(c.messages) > max_bytes / 100 then null else history.element_count(c.messages) end as elements,
            pg_column_size(c.messages) > max_bytes or exists (select from history.progress p where p.conversation_id = c.id) as huge
        from public.conversations c
        where c.last_seq is null and c.id >= reached -- the first id there can be is one that somebody may choose
        order by c.id limit max_conversations
    loop
        -- What is small as it is stored may be of many elements; what is larger may take up to a hundred times as much unpacked.
        if candidate.elements is null and not candidate.huge then
            select history.element_count(m.unpacked), pg_column_size(m.unpacked) > max_bytes into candidate.elements, candidate.huge
            from (select c.messages #> '{}' as unpacked from public.conversations c where c.id = candidate.id offset 0) m;
        end if;
        if candidate.huge or candidate.elements > max_slice then
            if ids = '{}' then
                select s.* into elements, more from history.backfill_slice(candidate.id, max_bytes, max_slice) s;
                if more then
                    return;
                end if;
                more := true;
                continue when elements = 0; -- locked
                conversations := 1;
                reached := candidate.id;
            end if;
            exit;
        end if;
        reached := candidate.id;
        ids := ids || candidate.id;
        bytes := bytes + candidate.bytes;
        positions := positions + candidate.elements;
        exit when bytes >= max_bytes or positions >= max_slice;
    end loop;
    if ids <> '{}' then
        ids := array(
            select c.id from public.conversations c where c.id = any (ids) and c.last_seq is null
            order by c.id for no key update skip locked);
        select v.conversations, v.elements, v.quarantined, coalesce(v.stopped_at, reached), v.yields_to
        into conversations, elements, quarantined, reached, yields_to from history.convert_alone(ids) v;
    elsif conversations = 0 then
        reached := '00000000-0000-0000-0000-000000000000';
        more := exists (select from public.conversations c where c.last_seq is null);
    end if;
    update history.state s set backfilled_to = reached;
end $$;

-- One commit of a conversation that is too large for one: its next slice, or in the end what is left. To unpack the array for each would
-- take longer than they do, so a cursor of the session keeps the slices from one commit to the next. Each names the version of the array
-- that it was taken from, and its place: if another one is wanted, since somebody has written or a commit failed, it is opened again.
-- The version is where the array is stored, which never changes in place, so a write to other columns keeps it; before PostgreSQL 17,
-- and for an array that is stored in the row, it is the version of the row.
create or replace function history.backfill_slice(
    conversation uuid, max_bytes bigint, max_slice bigint, out elements bigint, out more boolean)
language plpgsql set search_path = history_maintenance, pg_temp
as $$
declare
    version text;
    done bigint;
    slices constant refcursor := 'history_slices';
    place text;
    slice jsonb;
begin
    elements := 0;
    more := false;
    select format('%s %s %s ', p.id, p.xmin, p.ctid) into version
    from public.conversations p
    where p.id = conversation and p.last_seq is null for no key update skip locked;
    if not found then
        return;
    end if;
    if to_regproc('pg_column_toast_chunk_id') is not null then
        execute $stored$ select coalesce(p.id || ' ' || pg_column_toast_chunk_id(p.messages) || ' ', $2)
            from public.conversations p where p.id = $1 $stored$ into version using conversation, version;
    end if;
    done := coalesce((select p.converted from history.progress p where p.conversation_id = conversation), 0);
    loop
        if exists (select from pg_cursors o where o.name = 'history_slices') then
            fetch slices into place, slice;
            exit when place = version || done;
            close slices;
        end if;
        -- The last row has no slice.
        execute $declare$
            declare history_slices no scroll cursor with hold for
            select $2 || g.done, case when g.done + s.size < s.length then history.slice(s.list, g.done + 1, g.done + s.size) end
            from (
                select l.list, l.length, greatest(1, least($5, $4 * l.length / greatest(1, pg_column_size(l.list)))) as size
                from (
                    select u.list, jsonb_array_length(u.list) as length
                    from (
                        select history.list_of(w.unpacked) as list
                        from (select p.messages #> '{}' as unpacked from public.conversations p where p.id = $1 offset 0) w
                        offset 0
                    ) u
                ) l
                offset 0
            ) s
            cross join lateral generate_series($3, greatest($3, s.length - 1), s.size) g(done)
        $declare$ using conversation, version, done, max_bytes, max_slice;
    end loop;
    if slice is null then
        close slices;
        elements := (select v.elements from history.convert(array[conversation]) v);
        return;
    end if;
    elements := (select v.elements from history.convert(array[conversation], slice) v);
    more := true;
    insert into history.progress as p values (conversation, done + elements)
    on conflict (conversation_id) do update set converted = excluded.converted;
end $$;

-- quarantine, before an edit by hand: keeps the original element until the entry becomes a message, and sets the reason for the new
-- one. Only the element can be changed, and an entry is deleted only with its conversation.
create or replace function history.entry_edited() returns trigger
language plpgsql security definer set search_path = history_maintenance, pg_temp
as $$
declare
    edited jsonb;
begin
    if tg_op = 'DELETE' then
        if exists (select from public.conversations c where c.tenant_id = old.tenant_id and c.id = old.conversation_id) then
            raise exception 'An entry of the quarantine is a part of its conversation.'
                using errcode = 'insufficient_privilege', hint = 'Mend its element and migrate, or delete the conversation.';
        end if;
        return old;
    end if;
    edited := new.element;
    new := old;
    new.element := edited;
    new.original := nullif(coalesce(old.original, old.element), edited);
    new.reason := coalesce(case when old.reason <> 'not_an_array' then (history.message_of(edited))[3] end, old.reason);
    return new;
end $$;

-- Turns a conversation's entries in quarantine into messages, if they can be now: those that somebody has fixed, and those that a later
-- version of the conversion can read. Out: how many. Locks the conversation. Called by release_batch.
create or replace function history.release_entries(tenant uuid, conversation uuid) returns bigint
language plpgsql set search_path = history_maintenance, pg_temp
as $$
declare
    c record;
    whole jsonb;
    places bigint[] := '{}';
    mended record;
    counted record;
    released bigint := 0;
begin
    select p.user_id, p.last_seq, coalesce(p.created_at, now()) as otherwise into c
    from public.conversations p where p.tenant_id = tenant and p.id = conversation and p.last_seq is not null
    for no key update;
    if not found then
        return 0;
    end if;
    delete from history.quarantine q
    where q.tenant_id = tenant and q.conversation_id = conversation and q."position" = 0 and history.unwrapped(q.element) is not null
    returning history.unwrapped(q.element) into whole;
    if whole is not null then
        -- The column came before all later messages, so its elements do too.
        places := array(select i - case when c.last_seq = 0 then 0 else jsonb_array_length(whole) end
            from generate_series(1, jsonb_array_length(whole)) i);
        perform history.put(tenant, conversation, c.user_id, c.otherwise, whole, 0, places);
        released := 1;
    end if;
    select array_agg(q.element order by q."position") as elements, array_agg(q."position" order by q."position") as places into mended
    from history.quarantine q
    where q.tenant_id = tenant and q.conversation_id = conversation and q."position" <> 0
        and (history.message_of(q.element))[3] is null;
    perform history.put_changed(tenant, conversation, c.user_id, c.otherwise, null, mended.elements, mended.places);
    released := released + coalesce(cardinality(mended.places), 0);
    if released > 0 then
        counted := history.counted(tenant, conversation);
        update public.conversations p
        set last_seq = greatest(p.last_seq, places[cardinality(places)]), message_count = counted.messages,
            last_message_at = counted.newest, revision = p.revision + 1
        where p.tenant_id = tenant and p.id = conversation;
        if (select phase from history.state) <> 'complete' then
            update public.conversations p set messages = history.wrapped(p.messages, coalesce(history.rebuilt(conversation), '[]'))
            where p.tenant_id = tenant and p.id = conversation
                and p.messages is distinct from history.wrapped(p.messages, coalesce(history.rebuilt(conversation), '[]'));
        end if;
    end if;
    return released;
end $$;

-- Releases what it can in the next conversations with entries in quarantine, after the given one. Out: how many entries, and the last
-- conversation; null if there was none. One commit of the migration, which repeats it until the end.
create or replace function history.release_batch(
    after_tenant uuid, after uuid, most integer, out released bigint, out reached_tenant uuid, out reached uuid)
language plpgsql set search_path = history_maintenance, pg_temp
as $$
declare
    c record;
begin
    released := 0;
    for c in
        select distinct q.tenant_id, q.conversation_id from history.quarantine q
        where (q.tenant_id, q.conversation_id) > (after_tenant, after)
        order by q.tenant_id, q.conversation_id limit most
    loop
        released := released + history.release_entries(c.tenant_id, c.conversation_id);
        reached_tenant := c.tenant_id;
        reached := c.conversation_id;
    end loop;
end $$;

-- Rebuilds arrays from rows and compares them, for the conversations after a given one or from the first. Out: those that differ, or
-- have a message of another tenant or user. One statement, so that it sees an array and its rows at the same moment.
create or replace function history.verify_batch(
    after uuid, max_conversations integer, max_bytes bigint, out checked bigint, out reached uuid, out differing uuid[])
language plpgsql stable set search_path = history_maintenance, pg_temp
as $$
begin
    select count(*), (array_agg(compared.id order by compared.id desc))[1],
        coalesce(array_agg(compared.id order by compared.id) filter (where
            compared.rebuilt is distinct from compared.messages
                and not (compared.rebuilt is null and coalesce(compared.messages, 'null') in ('null', '[]'))
            or compared.message_count <> compared.counted), '{}')
    into checked, reached, differing
    from (
        select sized.id, sized.messages, sized.message_count, history.wrapped(sized.messages, history.rebuilt(sized.id)) as rebuilt, (
            select count(*) from public.messages m
            where m.tenant_id = sized.tenant_id and m.conversation_id = sized.id and m.user_id = sized.user_id
                    and m.current) as counted
        from (
            select c.*, sum(coalesce(pg_column_size(c.messages), 0)) over (order by c.id) as bytes,
                row_number() over (order by c.id) as place
            from (
                select p.id, p.tenant_id, p.user_id, p.messages, p.message_count from public.conversations p
                where (after is null or p.id > after) and p.last_seq is not null order by p.id limit max_conversations
            ) c
        ) sized
        where sized.bytes <= max_bytes or sized.place = 1
        offset 0
    ) compared;
end $$;

-- Messages without a conversation; there must be none.
create or replace function history.orphans() returns bigint
language plpgsql stable set search_path = history_maintenance, pg_temp
as $$
begin
    return (select count(*) from public.messages m
        where not exists (select from public.conversations c where c.tenant_id = m.tenant_id and c.id = m.conversation_id));
end $$;

-- The conversations whose array differs from their rows; there must be none. For the migration by hand.
create or replace function history.differing() returns uuid[]
language plpgsql stable set search_path = history_maintenance, pg_temp
as $$
begin
    return (select b.differing from history.verify_batch(null, 2147483647, 9223372036854775807) b);
end $$;

-- The conversations whose labels are not as lists by label have them, because triggers were off when somebody wrote; there must be none.
create or replace function history.mislabelled() returns uuid[]
language plpgsql stable set search_path = history_maintenance, pg_temp
as $$
begin
    return array(
        with wanted as (
            select c.tenant_id, c.user_id, l.label, c.archived, coalesce(c.last_message_at, c.created_at, '-infinity') as place, c.id
            from public.conversations c cross join unnest(c.labels) l(label)
            where c.labels <> '{}' and l.label is not null
        ), listed as (
            select l.tenant_id, l.user_id, l.label, l.archived, l.place, l.conversation_id as id from history.labelled l
        )
        select distinct d.id
        from ((table wanted except table listed) union all (table listed except table wanted)) d
        order by d.id);
end $$;

-- Makes lists by label show the labels of some conversations as they are. Out: how many there were, null if none. Locks them. Called by
-- migrate with a part of mislabelled.
create or replace function history.relabel(ids uuid[]) returns text
language plpgsql set search_path = history_maintenance, pg_temp
as $$
begin
    perform from public.conversations c where c.id = any (ids) order by c.id for no key update;
    delete from history.labelled l where l.conversation_id = any (ids);
    insert into history.labelled (tenant_id, user_id, label, archived, place, conversation_id)
    select c.tenant_id, c.user_id, l.label, c.archived, coalesce(c.last_message_at, c.created_at, '-infinity'), c.id
    from public.conversations c cross join unnest(c.labels) l(label)
    where c.id = any (ids) and l.label is not null
    on conflict do nothing;
    return nullif(cardinality(ids), 0) || ' mended';
end $$;

-- What erase and prune have deleted: how many rows of which tables, when and by whom; nothing of what was in them.
create table if not exists history.receipt (
    id uuid primary key default gen_random_uuid(), action text not null, tenant_id uuid not null,
    user_id uuid, -- whose; null: everybody's, by prune
    actor text not null, began_at timestamptz not null default clock_timestamp(),
    ended_at timestamptz, -- null: there is more to delete
    deleted jsonb not null); -- rows by table

-- The table of the conversations in this phase. Called by what works in every phase.
create or replace function history.conversation_table() returns regclass
language sql stable set search_path = pg_catalog, pg_temp
as $$ select case s.phase when 'prepared' then 'public.chat_sessions' else 'public.conversations' end::regclass from history.state s $$;

-- For how many days each tenant keeps conversations; null where its settings say what is no number of days. With row_security off a
-- policy that hides a tenant is an error, in place of a tenant that keeps everything. Called by due and prune.
create or replace function history.retentions() returns table (tenant_id uuid, days integer)
language plpgsql stable set search_path = pg_catalog, pg_temp set row_security = off
as $$
begin
    return query
    select t.id, case when jsonb_typeof(s.days) = 'number' and s.days::text ~ '^[1-9]\d{0,4}$' then s.days::text::integer end
    from public.tenants t
    cross join lateral (select to_jsonb(t) #> '{settings,retention_days}' as days) s
    where s.days <> 'null';
end $$;

-- The conversations that erase deletes, those of of_user, or without one those that prune does: unchanged for as long as their tenant
-- keeps conversations, and no answer was begun anew, which changes nothing before it is complete. only_tenant, most: null for all.
-- Those behind (after_tenant, after), in that order, and locked where asked for.
create or replace function history.due(
    only_tenant uuid, of_user uuid, after_tenant uuid, after uuid, most integer, to_delete boolean)
returns table (tenant_id uuid, id uuid)
language plpgsql set search_path = history_maintenance, pg_temp
as $$
declare
    relation constant regclass := history.conversation_table();
    no_attempt constant text := case when relation = to_regclass('public.conversations') then 'and not exists (
            select from public.messages m where m.tenant_id = c.tenant_id and m.conversation_id = c.id and not m.current
                and m.created_at >= now() - make_interval(days => r.days))' end;
begin
    return query execute format('select c.tenant_id, c.id from %s c %s and ($1 is null or c.tenant_id = $1)
        and (c.tenant_id, c.id) > ($3, $4) order by c.tenant_id, c.id limit $5 %s',
        relation,
        case when of_user is not null then 'where c.user_id = $2' else 'join history.retentions() r on r.tenant_id = c.tenant_id
            where greatest(c.updated_at, c.created_at) < now() - make_interval(days => r.days)
                and greatest(c.updated_at, c.created_at) > to_timestamp(0) ' || coalesce(no_attempt, '') end,
        case when to_delete then 'for update of c' end)
    using only_tenant, of_user, after_tenant, after, most;
end $$;

-- Where conversations are arrays, lets chat_sessions refuse what has been erased: until something has been, it has no trigger of ours.
-- Locks it for a moment, unless it has that one. Called by forget_batch and roll_back.
create or replace function history.refuse_in_arrays() returns void
language plpgsql set search_path = history_maintenance, pg_temp
as $$
begin
    if (select s.phase from history.state s) = 'prepared'
        and not exists (select from pg_trigger t where t.tgrelid = to_regclass('public.chat_sessions') and t.tgname = 'history_6_erased')
    then
        execute format('create trigger history_6_erased after insert or update of id, tenant_id, user_id on public.chat_sessions for each row '
            'when (current_user <> %L::name or current_setting(''search_path'') <> ''history_maintenance, pg_temp'') '
            'execute function history.erased_refused()', history.owner());
    end if;
end $$;

-- One commit of erase or prune: deletes conversations that are due, with everything that was in them, and writes the receipts of their
-- tenants. In: as in due; actor: who does it. Out: how many, and the last of them; null when nothing is left. Locks the conversations.
-- Deletes nothing, with SQLSTATE 09000, where a trigger or a rule keeps any of it.
create or replace function history.forget_batch(
    action text, actor text, only_tenant uuid, of_user uuid, after_tenant uuid, after uuid, most integer,
    out conversations bigint, out reached_tenant uuid, out reached uuid)
language plpgsql set search_path = history_maintenance, pg_temp
as $$
declare
    is_prepared constant boolean := (select s.phase = 'prepared' from history.state s);
    relation constant regclass := history.conversation_table();
    due record;
    each record;
    deleted bigint;
    counts jsonb;
    is_gone boolean;
begin
    perform history.refuse_in_arrays(); -- before any row is locked
    conversations := 0;
    for due in
        select d.tenant_id, array_agg(d.id order by d.id) as ids
        from history.due(only_tenant, of_user, after_tenant, after, most, true) d group by d.tenant_id order by d.tenant_id
    loop
        counts := jsonb_build_object('conversations', cardinality(due.ids));
        for each in
            select * from (values ('public', 'messages', true), ('history', 'quarantine', true), ('history', 'labelled', true),
                ('history', 'remembered', false), ('history', 'progress', false), ('history', 'replaced', false)) t(schema, name, has_tenant)
            where t.schema = 'history' or not is_prepared
        loop
            execute format('delete from %I.%I d where d.conversation_id = any ($1)%s', each.schema, each.name,
                case when each.has_tenant then ' and d.tenant_id = $2' end) using due.ids, due.tenant_id;
            get diagnostics deleted = row_count;
            counts := counts || jsonb_build_object(each.name, deleted);
        end loop;
        if not is_prepared then
            perform history.refuse_loss(not exists (
                select from public.messages m where m.tenant_id = due.tenant_id and m.conversation_id = any (due.ids)), 'messages');
        end if;
        execute format('insert into history.deleted (tenant_id, user_id, id, erased)
            select c.tenant_id, c.user_id, c.id, true from %s c where c.id = any ($1) and c.tenant_id = $2
            on conflict (tenant_id, user_id, id) do update set erased = true',
            relation) using due.ids, due.tenant_id;
        execute format('delete from %s c where c.id = any ($1) and c.tenant_id = $2', relation) using due.ids, due.tenant_id;
        execute format('select not exists (select from %s c where c.id = any ($1) and c.tenant_id = $2)', relation)
            into is_gone using due.ids, due.tenant_id;
        perform history.refuse_loss(is_gone, case when is_prepared then 'chat_sessions' else 'conversations' end);
        update history.receipt r
        set deleted = (select jsonb_object_agg(c.key, c.value::bigint + (r.deleted ->> c.key)::bigint) from jsonb_each_text(counts) c)
        where r.ended_at is null and r.action = forget_batch.action and r.tenant_id = due.tenant_id and r.user_id is not distinct from of_user;
        if not found then
            insert into history.receipt (action, tenant_id, user_id, actor, deleted)
            values (forget_batch.action, due.tenant_id, of_user, format('%s (%s)', session_user, forget_batch.actor), counts);
        end if;
        conversations := conversations + cardinality(due.ids);
        reached_tenant := due.tenant_id;
        reached := due.ids[cardinality(due.ids)];
    end loop;
end $$;

-- The end of erase and prune: what a rollback has set aside of conversations that are gone, when the user's last turns were granted, and
-- what the planner knows of tables that are empty now, which ANALYZE leaves as it was. Out: the receipts. Locks the empty tables for a moment.
create or replace function history.forget_end(action text, only_tenant uuid, of_user uuid) returns jsonb
language plpgsql set search_path = history_maintenance, pg_temp
as $$
declare
    emptied regclass;
    is_empty boolean;
    receipts jsonb;
begin
    execute format('delete from history.replaced r where not exists (select from %s c where c.id = r.conversation_id)',
        history.conversation_table());
    delete from history.granted_turns g where g.user_id = of_user and (only_tenant is null or g.tenant_id = only_tenant);
    foreach emptied in array array['history.quarantine', 'history.remembered', 'history.replaced', 'history.labelled']::regclass[] loop
        execute format('select not exists (select from %s)', emptied) into is_empty;
        continue when not is_empty;
        execute (
            select format('alter table %s %s', emptied, string_agg(
                format('alter column %I type %s', a.attname, format_type(a.atttypid, a.atttypmod)), ', ')) -- the same, so nothing is written
            from pg_attribute a where a.attrelid = emptied and a.atttypid in ('jsonb'::regtype, 'text'::regtype) and not a.attisdropped);
    end loop;
    with ended as (
        update history.receipt r set ended_at = clock_timestamp()
        where r.ended_at is null and r.action = forget_end.action and (only_tenant is null or r.tenant_id = only_tenant)
            and r.user_id is not distinct from of_user
        returning r.*
    )
    select jsonb_agg(to_jsonb(e) order by e.tenant_id) into receipts from ended e;
    return coalesce(receipts, '[]');
end $$;

-- The id that a row of an export gets in a tenant: always the same, and known to nobody before. Called by import_lines.
create or replace function history.imported_id(tenant uuid, of_user uuid, id text) returns uuid
language sql stable set search_path = pg_catalog, pg_temp
as $$
    select history.uuid_of(sha256(s.value || uuid_send(tenant) || uuid_send(of_user) || convert_to(imported_id.id, 'UTF8')))
    from history.secret s
$$;

-- Stores lines of an export for a user of a tenant, under ids of their own. A conversation that is there already stays as it is; its lines
-- must come in one transaction. Out: how many conversations were not there. Called by import.
create or replace function history.import_lines(tenant uuid, of_user uuid, lines jsonb) returns bigint
language plpgsql set search_path = history_maintenance, pg_temp
as $$
declare
    of_this constant xid := pg_current_xact_id()::xid;
    line record;
    touched uuid[] := '{}';
    added bigint := 0;
    own jsonb;
    stored record;
    key text;
begin
    for line in
        select l.value, l.value ->> 'type' as type, history.imported_id(tenant, of_user, l.value ->> 'id') as id,
            history.imported_id(tenant, of_user, coalesce(l.value ->> 'conversation_id', l.value ->> 'id')) as conversation
        from jsonb_array_elements(lines) with ordinality l(value, place) order by l.place
    loop
        own := line.value || jsonb_build_object('id', line.id, 'tenant_id', tenant, 'user_id', of_user, 'conversation_id', line.conversation);
        if line.type = 'conversation' then
            stored := jsonb_populate_record(null::public.conversations, own);
            stored.metadata := own -> 'metadata'; -- also where it is null in JSON
            insert into public.conversations values (stored.*) on conflict do nothing;
            added := added + case when found then 1 else 0 end;
        end if;
        continue when not exists (select from public.conversations c
            where c.tenant_id = import_lines.tenant and c.id = line.conversation and c.xmin = of_this);
        touched := array_append(array_remove(touched, line.conversation), line.conversation);
        if line.type = 'message' then
            stored := jsonb_populate_record(null::public.messages, own);
            stored.reply_to := history.imported_id(tenant, of_user, own ->> 'reply_to');
            stored.metadata := own -> 'metadata';
            foreach key in array array['reply_to', 'version_of'] loop
                if jsonb_typeof(stored.metadata -> key) = 'string' then
                    stored.metadata := stored.metadata
                        || jsonb_build_object(key, history.imported_id(tenant, of_user, stored.metadata ->> key));
                end if;
            end loop;
            insert into public.messages values (stored.*);
        elsif line.type = 'quarantined' then
            stored := jsonb_populate_record(null::history.quarantine, own);
            stored.element := own -> 'element';
            stored.original := own -> 'original';
            insert into history.quarantine values (stored.*);
        end if;
    end loop;
    if (select s.phase from history.state s) = 'migrated' then
        update public.conversations c set messages = history.rebuilt(c.id) where c.tenant_id = import_lines.tenant and c.id = any (touched);
    end if;
    return added;
end $$;

create or replace function history.enter(next_phase text) returns void
language sql set search_path = pg_catalog, pg_temp
as $$ update history.state set phase = next_phase, changed_at = now() $$;

-- Records which run is migrating, and that it is alive. Called by a run at every step and after every commit.
create or replace function history.beat(holder text, action text) returns void
language sql set search_path = pg_catalog, pg_temp
as $$
    insert into history.lease as l (holder, action, backend) values (beat.holder, beat.action, pg_backend_pid())
    on conflict (only_row) do update
    set holder = excluded.holder, action = excluded.action, backend = excluded.backend, heartbeat = now(),
        since = case when l.backend = excluded.backend and l.action = excluded.action then l.since else now() end
$$;

-- Creates the tables of tenants and their users with their policies, where they are missing. Called by begin_fresh.
create or replace function history.make_tenants() returns void
language plpgsql set search_path = pg_catalog, pg_temp
as $$
declare
    t record;
begin
    create table if not exists public.tenants (
        id uuid primary key default gen_random_uuid(), name varchar(255) not null, subdomain varchar(100) not null unique,
        settings jsonb default '{}', subscription_tier varchar(50) default 'basic',
        status varchar(20) default 'active' check (status in ('active', 'inactive', 'suspended')),
        created_at timestamptz default now(), updated_at timestamptz default now());
    create table if not exists public.tenant_users (
        id uuid primary key default gen_random_uuid(), tenant_id uuid not null references public.tenants (id) on delete cascade,
        user_id uuid not null references auth.users (id) on delete cascade,
        role varchar(50) default 'user' check (role in ('admin', 'user', 'viewer')), permissions jsonb default '{}',
        created_at timestamptz default now(), updated_at timestamptz default now(), unique (tenant_id, user_id));
    create index if not exists tenant_users_user_id_idx on public.tenant_users (user_id, tenant_id);
    alter table public.tenants enable row level security;
    alter table public.tenant_users enable row level security;
    grant select on public.tenants, public.tenant_users to authenticated;
    grant all on public.tenants, public.tenant_users to service_role;
    for t in
        select * from (values ('tenants', 'id'), ('tenant_users', 'tenant_id')) w(name, tenant)
        where not exists (select from pg_catalog.pg_policies p where p.schemaname = 'public' and p.tablename = w.name)
    loop
        execute format('create policy %I on public.%I for select to authenticated using (%I = any (array(select history.my_tenants())))',
            t.name || '_select', t.name, t.tenant);
        execute format('create policy %I on public.%I for all to service_role using (current_user = ''service_role'') '
            'with check (current_user = ''service_role'')', t.name || '_service_role', t.name);
    end loop;
end $$;

-- On a database without chat_sessions: creates what is missing of phase 0.
create or replace function history.begin_fresh() returns text
language plpgsql set search_path = pg_catalog, pg_temp
as $$
begin
    if to_regclass('public.chat_sessions') is not null or to_regclass('public.conversations') is not null then
        return 'chat_sessions is there';
    end if;
    if to_regnamespace('auth') is null then
        create schema auth;
        grant usage on schema auth to anon, authenticated, service_role;
    end if;
    if to_regclass('auth.users') is null then
        create table auth.users (
            id uuid primary key default gen_random_uuid(), email text unique, created_at timestamptz default now());
        alter table auth.users enable row level security;
    end if;
    if to_regprocedure('auth.uid()') is null then
        create function auth.uid() returns uuid language sql stable set search_path = pg_catalog, pg_temp
            as 'select (nullif(current_setting(''request.jwt.claims'', true), '''')::jsonb ->> ''sub'')::uuid';
    end if;
    if to_regprocedure('auth.role()') is null then
        create function auth.role() returns text language sql stable set search_path = pg_catalog, pg_temp
            as 'select nullif(current_setting(''request.jwt.claims'', true), '''')::jsonb ->> ''role''';
    end if;
    perform history.make_tenants();
    create table public.chat_sessions (
        id uuid constraint conversations_pkey primary key default gen_random_uuid(),
        tenant_id uuid not null constraint conversations_tenant_id_fkey references public.tenants (id) on delete cascade,
        user_id uuid not null constraint conversations_user_id_fkey references auth.users (id) on delete cascade,
        title varchar(255), messages jsonb default '[]', metadata jsonb default '{}',
        created_at timestamptz default now(), updated_at timestamptz default now());
    create index conversations_user_id_idx on public.chat_sessions (user_id);
    alter table public.chat_sessions enable row level security;
    update history.state set fresh = true;
    return 'made phase 0';
end $$;

-- The policies of tenant_users that recurse: they read tenant_users, directly or through the policies of other tables. mend rewrites a
-- known form with the same meaning; finding and remedy are for a person, if the form is unknown. A policy for members is known for
-- reading only: for writing it would let a viewer become an admin. Called by repair_membership_policies; preflight runs its body.
create or replace function history.membership_policies() returns table (blocks boolean, finding text, remedy text, mend text)
language sql stable set search_path = pg_catalog, pg_temp
as $$
    with recursive leads_back as (
        select to_regclass('public.tenant_users')::oid as relation
        union
        select r.reader
        from leads_back b join (
            select p.polrelid as reader, d.refobjid as relation
            from pg_policy p join pg_class c on c.oid = p.polrelid and c.relrowsecurity
            join pg_depend d on d.classid = 'pg_policy'::regclass and d.objid = p.oid and d.refclassid = 'pg_class'::regclass
            union all
            select v.oid, d.refobjid
            from pg_class v join pg_rewrite w on w.ev_class = v.oid and v.reloptions::text ~ 'security_invoker=(true|on|yes|1)'
            join pg_depend d on d.classid = 'pg_rewrite'::regclass and d.objid = w.oid and d.refclassid = 'pg_class'::regclass
        ) r on r.relation = b.relation
    ), part as (
        select v.*, e.clause, e.expression, e.expression ~ 'public\.tenant_users\M' as direct,
            exists (select from pg_depend d join leads_back b on b.relation = d.refobjid and b.relation <> p.polrelid
                where d.classid = 'pg_policy'::regclass and d.objid = p.oid and d.refclassid = 'pg_class'::regclass) as chained,
            -- Normalises the spellings: m is a row of tenant_users, U that it is the caller's, T of this tenant, R an admin's.
            replace(replace(replace(replace(replace(replace(replace(replace(replace(regexp_replace(regexp_replace(
                regexp_replace(e.expression, '\s+', ' ', 'g'), 'FROM public\.tenant_users( \w+)?', 'FROM m'),
                '\m' || coalesce(substring(e.expression from 'FROM public\.tenant_users (\w+)'), 'm') || '\.', 'm.', 'g'),
                '( SELECT auth.uid() AS uid)', 'auth.uid()'), '(auth.uid() = m.user_id)', 'U'), '(m.user_id = auth.uid())', 'U'),
                '(m.tenant_id = tenant_users.tenant_id)', 'T'), '(tenant_users.tenant_id = m.tenant_id)', 'T'),
                '((m.role)::text = ''admin''::text)', 'R'), '(m.role = ''admin''::text)', 'R'),
                '((auth.uid() = user_id) OR ', '(own OR '), '((user_id = auth.uid()) OR ', '(own OR ') as form
        from pg_policy p join pg_class c on c.oid = p.polrelid and c.relrowsecurity
        join pg_policies v on v.schemaname = 'public' and v.tablename = 'tenant_users' and v.policyname = p.polname
        cross join lateral (values ('using', v.qual), ('with check', v.with_check)) e(clause, expression)
        where p.polrelid = to_regclass('public.tenant_users') and e.expression is not null
    ), policy as (
        select p.policyname, p.permissive, bool_and(not p.chained and (p.roles in ('{public}', '{authenticated}'))
                and (p.cmd = 'SELECT' or p.form ~ '\yR\y' and p.form !~ '^\(own') and regexp_replace(p.form, ' AND R|R AND ', '')
                ~ ('^(\(own OR )?\((tenant_id (IN \(|= ANY \(ARRAY\() SELECT m\.tenant_id FROM m WHERE \(?U\)?\)+|EXISTS \( SELECT( 1)? '
                || 'FROM m WHERE \((T AND U|U AND T)\)\)|auth\.uid\(\) IN \( SELECT m\.user_id FROM m WHERE \(?T\)?\))\)+$')
                or not p.direct and not p.chained) as known,
            string_agg(format('%s (%stenant_id = any (array(select history.%s())))', p.clause,
                case when p.form ~ '^\(own' then 'user_id = auth.uid() or ' end,
                case when p.form ~ '\yR\y' then 'my_admin_tenants' else 'my_tenants' end), ' ') filter (where p.direct) as mend,
            format('create policy %I on public.tenant_users as %s for %s to %s ', p.policyname, lower(p.permissive), lower(p.cmd),
                (select string_agg(quote_ident(r), ', ') from unnest(p.roles) r))
                || string_agg(format('%s (%s)', p.clause, p.expression), ' ') as statement,
            string_agg(p.clause || ' (false)', ' ') as nobody
        from part p group by p.policyname, p.permissive, p.cmd, p.roles having bool_or(p.direct or p.chained)
    )
    select not p.known as blocks,
        case when not p.known then 'A policy of tenant_users recurses in a way that is not known: ' || p.statement end as finding,
        case when not p.known then 'It fails for everybody. Take it away, and after migrate write it with history.my_tenants() or '
            'history.my_admin_tenants(): ' || case when p.permissive = 'PERMISSIVE'
                then format('drop policy %I on public.tenant_users;', p.policyname)
            else format('alter policy %I on public.tenant_users %s;', p.policyname, p.nobody) end end as remedy,
        case when p.known then format('alter policy %I on public.tenant_users to authenticated %s', p.policyname, p.mend) end as mend
    from policy p
$$;

-- The policies of chat_sessions, before expand. replaced: it has a known form, and ours do the same. Another one is carried over if it
-- widens nobody's access: a restrictive one, or one for a role that no caller has. The rest blocks.
-- Only reads. Called by expand and original_of; preflight runs its body.
create or replace function history.session_policies()
returns table (blocks boolean, finding text, remedy text, name text, replaced boolean)
language sql stable set search_path = pg_catalog, pg_temp
as $$
    with part as (
        select p.*, e.clause, e.expression, e.expression ~ 'public\.chat_sessions\M|\mchat_sessions\.\*' as recurses,
            -- Normalises the spellings: O means that the row is the caller's; m, U, T and R as in membership_policies.
            replace(replace(replace(replace(replace(replace(replace(replace(replace(regexp_replace(regexp_replace(
                regexp_replace(e.expression, '\s+', ' ', 'g'), 'FROM public\.tenant_users( (?!WHERE)\w+)?', 'FROM m'), '\m'
                || coalesce(substring(e.expression from 'FROM public\.tenant_users (?!WHERE)(\w+)'), 'tenant_users') || '\.', 'm.', 'g'),
                '( SELECT auth.uid() AS uid)', 'auth.uid()'), '(auth.uid() = m.user_id)', 'U'), '(m.user_id = auth.uid())', 'U'),
                '(m.tenant_id = chat_sessions.tenant_id)', 'T'), '(chat_sessions.tenant_id = m.tenant_id)', 'T'),
                '((m.role)::text = ''admin''::text)', 'R'), '(m.role = ''admin''::text)', 'R'),
                '(auth.uid() = user_id)', 'O'), '(user_id = auth.uid())', 'O') as form
        from pg_policies p
        left join lateral (values ('using', p.qual), ('with check', p.with_check)) e(clause, expression) on e.expression is not null
        where p.schemaname = 'public' and p.tablename = 'chat_sessions'
    ), policy as (
        select p.policyname, p.permissive = 'PERMISSIVE' as permits, coalesce(bool_or(p.recurses), false) as recurses,
            p.permissive = 'PERMISSIVE' and coalesce(bool_and(
                p.form in ('(auth.role() = ''service_role''::text)', '((auth.jwt() ->> ''role''::text) = ''service_role''::text)')
                or p.roles = '{service_role}' and p.form in ('true', '(CURRENT_USER = ''service_role''::name)')
                or (p.form ~ '\yO\y') <> (p.form ~ '\yR\y' and p.cmd = 'SELECT')
                    and regexp_replace(p.form, ' AND R|R AND ', '') ~ ('^\(*(O( AND )?)?(\((tenant_id IN \( SELECT m\.tenant_id FROM m '
                    || 'WHERE \(?U\)?\)|EXISTS \( SELECT( 1)? FROM m WHERE \((T AND U|U AND T)\)\))\))?( AND O)?\)*$')), false) as known,
            exists (select from unnest(p.roles) r where case when r = 'public' then true else exists (
                select from pg_roles c where c.rolname in ('anon', 'authenticated') and pg_has_role(c.oid, r, 'usage')) end) as for_callers,
            format('create policy %I on public.chat_sessions as %s for %s to %s ', p.policyname, lower(p.permissive), lower(p.cmd),
                (select string_agg(quote_ident(r), ', ') from unnest(p.roles) r))
                || coalesce(string_agg(p.clause || ' (' || p.expression || ')', ' '), '') as statement,
            string_agg(p.clause || ' (false)', ' ') as nobody,
            p.policyname ~ '^(own_(select|insert|update|delete)|admin_select|service_role_\w+|maintenance)$' as named_like_ours
        from part p group by p.policyname, p.permissive, p.cmd, p.roles
    )
    select v.blocks, v.words || ': ' || p.statement as finding, v.advice || case
            when v.blocks is not true then ''
            when p.verdict = 'name'
                then format('alter policy %I on public.chat_sessions rename to %I;', p.policyname, 'team_' || p.policyname)
            when p.permits then format('drop policy %I on public.chat_sessions;', p.policyname)
            else format('alter policy %I on public.chat_sessions %s;', p.policyname, p.nobody) end as remedy,
        p.policyname::text as name, p.known as replaced
    from (
        select p.*, case when p.known then 'known' when p.recurses then 'recurses' when p.permits and p.for_callers then 'allows'
            when p.named_like_ours then 'name' else 'carried' end as verdict
        from policy p) p
    left join (values
        ('recurses', true, 'A policy of chat_sessions reads the table itself, or all columns, of which there will be more',
            'Until it is written in another way: '),
        ('allows', true, 'A policy of chat_sessions allows something other than users having their own conversations, and admins reading '
            'those of their tenant', 'Take it away; make it again as restrictive, if it is to narrow that: '),
        ('name', true, 'A policy of chat_sessions has a name that the migration needs', 'Rename it: '),
        ('carried', false, 'A policy of chat_sessions will hold for conversations and their messages', 'Nothing is to be done.')
    ) v(verdict, blocks, words, advice) on v.verdict = p.verdict
$$;

-- The triggers of chat_sessions, before expand. replaced: it only maintains updated_at, as ours do. The others go to conversations,
-- and do not fire for the migration's own writes; one that cannot be carried over like this blocks. Disabled ones stay disabled.
-- Only reads. Called by expand and original_of; preflight runs its body.
create or replace function history.session_triggers()
returns table (blocks boolean, finding text, remedy text, name text, replaced boolean)
language sql stable set search_path = pg_catalog, pg_temp
as $$
    with found as (
        select t.tgname, t.tgtype, t.tgargs, t.tgenabled <> 'D' as enabled, f.oid::regprocedure as function, f.proname, l.lanname,
            exists (select from unnest(f.proconfig) c where c like 'search_path=%') as has_path, pg_get_triggerdef(t.oid) as definition,
            regexp_replace(regexp_replace(f.prosrc, '/\*.*?\*/|--[^\n]*', ' ', 'g'), '\s+', ' ', 'g') as source,
            (select s.reset_val from pg_settings s where s.name = 'search_path') as path
        from pg_trigger t join pg_proc f on f.oid = t.tgfoid join pg_language l on l.oid = f.prolang
        where t.tgrelid = to_regclass('public.chat_sessions') and not t.tgisinternal
            and f.pronamespace is distinct from to_regnamespace('history') -- what erase has left
    ), trigger_ as (
        select f.*, f.tgtype in (19, 23) and ( -- before update, or insert or update, for each row
                f.lanname = 'plpgsql' and f.source ~* ('^ ?begin new\."?updated_at"? ?:?= ?(now\(\)|current_timestamp|localtimestamp|'
                    || '(clock|statement|transaction)_timestamp\(\)|timezone\(''utc''(::text)?, ?(now\(\)|current_timestamp)\)|'
                    || '\(?(now\(\)|current_timestamp) at time zone ''utc''\)?) ?; ?return new ?; ?end ?;? ?$')
                or f.lanname = 'c' and f.proname = 'moddatetime' and f.tgargs = 'updated_at'::bytea || '\x00'::bytea) as replaced,
            f.enabled and f.tgtype & 3 = 3 and f.tgtype & 20 <> 0 and f.lanname not in ('c', 'internal') as shapes
        from found f
    )
    select true as blocks, format('Trigger %s of chat_sessions %s: %s', t.tgname, v.words, t.definition) as finding,
        v.remedy, null as name, false as replaced
    from trigger_ t
    cross join lateral (values
        (t.tgname ~ '^history_', 'has a name that the migration needs', 'Rename it',
            format('alter trigger %I on public.chat_sessions rename to %I', t.tgname, left('team_' || t.tgname, 63))),
        (t.shapes and t.source ~* '(^|;|\m(begin|then|else|loop|into)) ?new\."?messages"? ?([:=,;]|from)',
            'writes the array itself, so it would differ from its rows', 'Let the application do that, and take it away',
            format('drop trigger %I on public.chat_sessions', t.tgname)),
        (t.shapes and t.tgname > 'history_' collate "C" and t.tgname !~ '^history_'
                and (t.lanname <> 'plpgsql' or t.source ~* '(^|;|\m(begin|then|else|loop|into)) ?new\M'),
            'changes rows after the migration has read them', 'Triggers work in the order of their names. Let it come first',
            format('alter trigger %I on public.chat_sessions rename to %I', t.tgname, left('a_' || t.tgname, 63))),
        (t.enabled and not t.has_path and t.lanname not in ('c', 'internal'), 'calls a function that has no search_path of its own, so '
            'that names in it may mean nothing when a function of the API writes', 'Give it the one that it has today',
            format('alter function %s set search_path = %s, pg_temp', t.function, coalesce(nullif(t.path, ''), 'public')))
        ) w(applies, words, advice, statement)
    cross join lateral (select w.words, w.advice || ': ' || w.statement || ';') v(words, remedy)
    where w.applies and not t.replaced
    union all
    select false, case when not t.replaced then format('Trigger %s of chat_sessions will be one of conversations%s%s: %s', t.tgname, case when t.tgtype & 16 <> 0 then '; it rests while the backfill works' else '' end,
            case when t.enabled then '' else '; it stays disabled' end, t.definition) end,
        case when not t.replaced then format('Look whether %s says chat_sessions, and before complete whether it reads the array.', t.function) end, t.tgname, t.replaced
    from trigger_ t
$$;

-- Gives a trigger another definition; it stays enabled or disabled as it is, and keeps its comment. Does nothing if the
-- table has no trigger of this name. Locks the table. Called by carry_triggers and restore_team.
create or replace function history.redefine_trigger(relation regclass, name name, definition text) returns void
language plpgsql set search_path = pg_catalog, pg_temp
as $$
declare
    t pg_trigger;
    said text;
begin
    select g.* into t from pg_trigger g where g.tgrelid = relation and g.tgname = name and not g.tgisinternal;
    if not found then
        return;
    elsif t.tgconstraint = 0 then
        execute regexp_replace(definition, '^CREATE TRIGGER', 'create or replace trigger');
    else -- nobody can replace a constraint trigger
        said := obj_description(t.oid, 'pg_trigger');
        execute format('drop trigger %I on %s', name, relation);
        execute definition;
        execute format('comment on trigger %I on %s is %L', name, relation, said);
    end if;
    execute format('alter table %s %s trigger %I', relation,
        case t.tgenabled when 'D' then 'disable' when 'A' then 'enable always' when 'R' then 'enable replica' else 'enable' end, name);
end $$;

-- The rights of others than the owner on a relation or its columns, and the statements that grant them on chat_sessions.
create or replace function history.grants_of(relation regclass)
returns table (grantee text, privilege text, attname name, is_grantable boolean, statement text)
language sql stable set search_path = pg_catalog, pg_temp
as $$
    select g.name, a.privilege_type, a.attname, a.is_grantable, format('grant %s%s on public.chat_sessions to %s%s', a.privilege_type,
        '(' || quote_ident(a.attname) || ')', g.name, case when a.is_grantable then ' with grant option' else '' end)
    from pg_class c
    cross join lateral (
        select acl.*, null::name as attname from aclexplode(c.relacl) acl
        union all
        select acl.*, t.attname from pg_attribute t cross join lateral aclexplode(t.attacl) acl
        where t.attrelid = c.oid and t.attacl is not null and t.attnum > 0 and not t.attisdropped
    ) a
    cross join lateral (select case a.grantee when 0 then 'public' else a.grantee::regrole::text end) g(name)
    where c.oid = relation and a.grantee <> c.relowner
$$;

-- Carries the team's policies over to conversations and messages. A restrictive one lets the migration itself pass. On messages it
-- checks tenant and user if it uses nothing else, otherwise the conversation. A role that may read conversations by a policy of its
-- own may read their messages. Out: the policies as they are now. Called by expand, which has locked both tables.
create or replace function history.carry_policies() returns text[]
language plpgsql set search_path = pg_catalog, pg_temp
as $$
declare
    at_work constant text := (
        select w.condition from history.wanted_policies('expanded') w
        where w.relation = 'public.conversations' and w.name = 'maintenance');
    its_conversation constant text := 'exists (select from public.conversations where conversations.tenant_id = messages.tenant_id '
        'and conversations.id = messages.conversation_id';
    p record;
begin
    for p in
        select c.policyname, c.permissive, c.cmd, c.qual, c.with_check,
            (select 'to ' || string_agg(quote_ident(r), ', ') from unnest(c.roles) r) as grantees,
            concat(c.qual, c.with_check) !~ '\mconversations\.\*' and not exists (
                select from pg_depend d join pg_attribute a on a.attrelid = d.refobjid and a.attnum = d.refobjsubid
                where d.classid = 'pg_policy'::regclass and d.objid = o.oid and d.refclassid = 'pg_class'::regclass
                    and d.refobjid = o.polrelid and a.attname not in ('tenant_id', 'user_id')) as by_tenant_and_user
        from pg_policy o
        join pg_policies c on c.schemaname = 'public' and c.tablename = 'conversations' and c.policyname = o.polname
        where o.polrelid = 'public.conversations'::regclass
    loop
        if p.permissive = 'RESTRICTIVE' then
            execute format('alter policy %I on public.conversations', p.policyname)
                || coalesce(' using (' || at_work || ' or (' || p.qual || '))', '')
                || coalesce(' with check (' || at_work || ' or (' || p.with_check || '))', '');
            execute format('create policy %I on public.messages as restrictive for %s %s', p.policyname, lower(p.cmd), p.grantees)
                || coalesce(' using (' || at_work || ' or (' || case when p.by_tenant_and_user
                    then regexp_replace(p.qual, '\mconversations\.', 'messages.', 'g')
                    else its_conversation || ' and (' || p.qual || '))' end || '))', '')
                || coalesce(' with check (' || at_work || ' or (' || case when p.by_tenant_and_user
                    then regexp_replace(p.with_check, '\mconversations\.', 'messages.', 'g')
                    else its_conversation || ' and (' || p.with_check || '))' end || '))', '');
        elsif p.cmd in ('SELECT', 'ALL') then
            execute format('create policy %I on public.messages for select %s using (%s))', p.policyname, p.grantees, its_conversation);
        end if;
    end loop;
    return array(select o::text from pg_policies o where o.schemaname = 'public' and o.tablename in ('conversations', 'messages'));
end $$;

-- Carries over the team's triggers on conversations: those on updates do not fire for the migration's own writes, but do when a
-- client's message changes an array. Out: their definitions.
-- Nothing of ours inserts or deletes conversations. Called by expand, which has locked it.
create or replace function history.carry_triggers() returns text[]
language plpgsql set search_path = pg_catalog, pg_temp
as $$
declare
    awake constant text := format('(CURRENT_USER <> %L::name) OR (current_setting(''search_path''::text) <> '
        '''history_maintenance, pg_temp''::text) OR (pg_trigger_depth() > 0)', history.owner());
    t record;
    part text[];
begin
    for t in
        select g.tgname, pg_get_triggerdef(g.oid) as definition from pg_trigger g
        where g.tgrelid = 'public.conversations'::regclass and not g.tgisinternal and g.tgtype & 16 <> 0 and g.tgname !~ '^history_'
    loop
        part := regexp_match(t.definition, '^(.* FOR EACH (?:ROW|STATEMENT) )(?:WHEN \((.*)\) )?(EXECUTE FUNCTION .*)$');
        perform history.redefine_trigger('public.conversations', t.tgname,
            part[1] || 'WHEN ((' || awake || ')' || coalesce(' AND (' || part[2] || ')', '') || ') ' || part[3]);
    end loop;
    return array(select pg_get_triggerdef(g.oid) from pg_trigger g
        where g.tgrelid = 'public.conversations'::regclass and not g.tgisinternal and g.tgname !~ '^history_');
end $$;

-- Copies the grants on conversations to the view, column by column. A role of the team's that may read the arrays may read the
-- messages, too. Called by expand.
create or replace function history.carry_grants() returns void
language plpgsql set search_path = pg_catalog, pg_temp
as $$
declare
    statement text;
begin
    for statement in
        select g.statement from history.grants_of('public.conversations') g where g.privilege <> 'MAINTAIN'
        union all
        select format('grant select on public.messages to %I', r.rolname)
        from pg_roles r join pg_class c on c.oid = 'public.conversations'::regclass
        where exists (
                select from (select c.relacl as acl union all select t.attacl from pg_attribute t
                    where t.attrelid = c.oid and t.attname = 'messages') h cross join lateral aclexplode(h.acl) a
                where a.grantee = r.oid and a.privilege_type = 'SELECT')
            and (select bool_and(has_column_privilege(r.oid, c.oid, n, 'select')) from unnest('{tenant_id,id,messages}'::text[]) n)
            and r.oid <> c.relowner and r.rolname not in ('anon', 'authenticated', 'service_role', 'history_functions')
    loop
        execute statement;
    end loop;
end $$;

-- Undoes what expand did to the team's objects: restores the old name, policies, triggers, rights and comments. In: the result of
-- original_of. Called by roll_back, which has locked the table.
create or replace function history.restore_team(was jsonb) returns void
language plpgsql set search_path = pg_catalog, pg_temp
as $$
declare
    statement text;
    t jsonb;
begin
    foreach statement in array array(
        select format('drop policy if exists %I on public.conversations', w.name) from history.wanted_policies('migrated') w
        where w.relation = 'public.conversations')
    loop
        execute statement;
    end loop;
    alter table public.conversations no force row level security;
    alter table public.conversations rename to chat_sessions;
    for t in select value from jsonb_array_elements(was -> 'wrapped') loop
        perform history.redefine_trigger('public.chat_sessions', (t ->> 'name')::name, t ->> 'definition');
    end loop;
    for statement in
        select 'alter table public.chat_sessions ' || a.change
        from (values (was ->> 'forced' = 'true', 'force row level security'), (was ->> 'secured' = 'false', 'disable row level security'),
            (was ->> 'title_filled' = 'true', 'alter column title set not null'),
            (true, 'alter column title ' || coalesce('set default ' || (was ->> 'title_default'), 'drop default'))) a(applies, change)
        where a.applies
        union all select 'revoke all on public.chat_sessions from public, anon, authenticated, service_role, history_functions'
            where was ? 'acl'
        union all select value from jsonb_array_elements_text(was -> 'policies')
        union all select a.value from jsonb_array_elements_text(was -> 'altered') a
            where exists (select from pg_policy p
                where p.polrelid = 'public.chat_sessions'::regclass and starts_with(a.value, format('alter policy %I on ', p.polname)))
        union all select replace(d.value ->> 'definition', ' ON public.conversations ', ' ON public.chat_sessions ')
            from jsonb_array_elements(was -> 'triggers') d
        union all select format('alter table public.chat_sessions %s trigger %I', case d.value ->> 'enabled'
                when 'D' then 'disable' when 'A' then 'enable always' when 'R' then 'enable replica' end, d.value ->> 'name')
            from jsonb_array_elements(was -> 'triggers') d where d.value ->> 'enabled' in ('D', 'A', 'R')
        union all select value from jsonb_array_elements_text(was -> 'comments')
        union all select value from jsonb_array_elements_text(was -> 'acl')
        union all select 'revoke ' || value from jsonb_array_elements_text(was -> 'ungranted') -- what the first version remembered
    loop
        execute statement;
    end loop;
end $$;

-- What expand replaces or changes and a rollback restores, as statements.
create or replace function history.original_of(relation regclass) returns jsonb
language sql stable set search_path = pg_catalog, pg_temp
as $$
    with policy as (
        select p.policyname as name, s.replaced, p.permissive,
            ' using (' || p.qual || ')' as used, ' with check (' || p.with_check || ')' as checked,
            format('create policy %I on public.chat_sessions as %s for %s to %s', p.policyname, p.permissive, p.cmd,
                (select string_agg(quote_ident(r), ', ') from unnest(p.roles) r)) as made
        from pg_policies p join history.session_policies() s on s.name = p.policyname
        where p.schemaname = 'public' and p.tablename = 'chat_sessions'
    ), trigger_ as (
        select t.oid, t.tgname as name, s.replaced, jsonb_build_object(
            'name', t.tgname, 'definition', pg_get_triggerdef(t.oid), 'enabled', t.tgenabled) as was
        from pg_trigger t join history.session_triggers() s on s.name = t.tgname
        where t.tgrelid = relation and not t.tgisinternal
    )
    select jsonb_build_object(
        'policies', array(select concat(p.made, p.used, p.checked) from policy p where p.replaced),
        'altered', array(select format('alter policy %I on public.chat_sessions', p.name) || concat(p.used, p.checked)
            from policy p where not p.replaced and p.permissive = 'RESTRICTIVE'),
        'triggers', (select coalesce(jsonb_agg(t.was), '[]') from trigger_ t where t.replaced),
        'wrapped', (select coalesce(jsonb_agg(t.was), '[]') from trigger_ t where not t.replaced),
        'comments', array(
            select format('comment on policy %I on public.chat_sessions is %L', p.name, obj_description(o.oid, 'pg_policy'))
            from policy p join pg_policy o on o.polrelid = relation and o.polname = p.name
            where p.replaced and obj_description(o.oid, 'pg_policy') is not null
            union all
            select format('comment on trigger %I on public.chat_sessions is %L', t.name, obj_description(t.oid, 'pg_trigger'))
            from trigger_ t where t.replaced and obj_description(t.oid, 'pg_trigger') is not null),
        'secured', (select c.relrowsecurity from pg_class c where c.oid = relation),
        'forced', (select c.relforcerowsecurity from pg_class c where c.oid = relation),
        'title_filled', (select a.attnotnull from pg_attribute a where a.attrelid = relation and a.attname = 'title'),
        'title_default', (
            select pg_get_expr(d.adbin, d.adrelid) from pg_attrdef d
            join pg_attribute a on a.attrelid = d.adrelid and a.attnum = d.adnum
            where d.adrelid = relation and a.attname = 'title'),
        'acl', array( -- of those from whom the guard takes what is too much
            select g.statement from history.grants_of(relation) g
            where g.grantee in ('public', 'anon', 'authenticated', 'service_role', 'history_functions')))
$$;

-- Rewrites the policies of tenant_users that recurse, where membership_policies knows how. Locks the table for milliseconds.
create or replace function history.repair_membership_policies() returns text
language plpgsql set search_path = pg_catalog, pg_temp
as $$
declare
    statement text;
    repaired integer := 0;
begin
    for statement in select p.mend from history.membership_policies() p where p.mend is not null loop
        execute statement;
        repaired := repaired + 1;
    end loop;
    return repaired::text;
end $$;

-- Switches from arrays to rows: renames the table, creates a view with the old name, messages, mirrors. Locks for milliseconds.
create or replace function history.expand() returns text
language plpgsql set search_path = pg_catalog, pg_temp
as $$
declare
    statement text;
begin
    if (select phase from history.state) <> 'prepared' then
        return 'done before';
    end if;
    lock table public.chat_sessions in access exclusive mode;
    update history.state
    set original = history.original_of('public.chat_sessions'), backfilled_to = '00000000-0000-0000-0000-000000000000';
    foreach statement in array array(
        select format('drop policy %I on public.chat_sessions', p.name) from history.session_policies() p where p.replaced
        union all select format('drop trigger %I on public.chat_sessions', t.name) from history.session_triggers() t where t.replaced)
    loop
        execute statement;
    end loop;
    alter table public.chat_sessions rename to conversations;
    alter table public.conversations
        add column last_seq bigint,
        add column message_count integer,
        add column request_hash text, -- of the request that came with an idempotency key and made it
        alter column title set default 'New Conversation';
    perform history.make_view();
    create table public.messages (
        id uuid primary key default gen_random_uuid(), tenant_id uuid not null, conversation_id uuid not null, user_id uuid not null,
        seq bigint not null, role varchar(20) not null check (role::text = any (array['user'::text, 'assistant'::text, 'system'::text])),
        content text not null, metadata jsonb not null default '{}', created_at timestamptz not null default now(),
        constraint messages_tenant_id_conversation_id_seq_key unique (tenant_id, conversation_id, seq));
    perform history.add_columns();
    perform history.carry_grants();
    update history.state set original = original
        || jsonb_build_object('carried', history.carry_policies() || history.carry_triggers(), 'constraints', array(
            select regexp_replace(pg_get_constraintdef(k.oid), ' NOT VALID$', '') from pg_constraint k
            where k.conrelid = 'public.conversations'::regclass
            union all
            select pg_get_indexdef(i.indexrelid) from pg_index i where i.indrelid = 'public.conversations'::regclass and i.indisunique));
    perform history.use_edition('rows');
    perform history.remember_definitions(array(select e.name from history.edition e));
    perform history.guard('expanded');
    perform history.enter('expanded');
    return 'renamed';
end $$;

-- Supabase Realtime: lets each user, and nobody else, listen to the user's own topic of revision_sent, whatever the team's policies
-- allow; clients may not send to it. is_wanted: false removes these policies. Returns what a person has to do if the owner may not.
-- Called by join_realtime and roll_back.
create or replace function history.let_listen(is_wanted boolean) returns text
language plpgsql set search_path = pg_catalog, pg_temp
as $$
declare
    own constant text := 'realtime.topic() = ''conversations:'' || history.user_id()::text';
    other constant text := 'coalesce(realtime.topic(), '''') not like ''conversations:%''';
    statement text;
begin
    if to_regclass('realtime.messages') is null or to_regprocedure('realtime.topic()') is null then
        return null;
    end if;
    foreach statement in array array[
        'drop policy if exists history_own_topic on realtime.messages',
        'drop policy if exists history_no_other_topic on realtime.messages',
        'drop policy if exists history_nothing_told on realtime.messages']
        || case when is_wanted then array[
            'create policy history_own_topic on realtime.messages for select to authenticated using (' || own || ')',
            format('create policy history_no_other_topic on realtime.messages as restrictive for select to anon, authenticated '
                'using (%s or %s)', other, own),
            format('create policy history_nothing_told on realtime.messages as restrictive for insert to anon, authenticated '
                'with check (%s)', other)] else '{}' end
    loop
        execute statement;
    end loop;
    return null;
exception when insufficient_privilege then
    return case when is_wanted then
        'users cannot listen to their own conversations yet: as the owner of realtime.messages run select history.let_listen(true)' end;
end $$;

-- Supabase Realtime: publishes messages if all of conversations is published by name. If the whole database or schema is published,
-- messages are anyway. Returns what a person should know.
create or replace function history.join_realtime() returns text
language plpgsql set search_path = pg_catalog, pg_temp
as $$
declare
    joins constant text := 'alter publication supabase_realtime add table public.messages';
    words constant text := 'clients that listen to chat_sessions hear nothing any more: let them listen to conversations';
    listening constant text := history.let_listen(true);
    published record;
begin
    if not exists (select from pg_publication_tables t
        where t.pubname = 'supabase_realtime' and t.schemaname = 'public' and t.tablename = 'conversations')
    then
        return listening;
    end if;
    select r.prqual is not null or r.prattrs is not null as partly into published
    from pg_publication_rel r join pg_publication p on p.oid = r.prpubid
    where p.pubname = 'supabase_realtime' and r.prrelid = 'public.conversations'::regclass;
    if published.partly then
        return concat_ws('; ', listening, words) || '; messages are not published, since only some rows or columns of chat_sessions were. If all may be: ' || joins;
    elsif published.partly is not null and not exists (select from pg_publication_tables t
        where t.pubname = 'supabase_realtime' and t.schemaname = 'public' and t.tablename = 'messages')
    then
        execute joins;
    end if;
    return concat_ws('; ', listening, words) || ' and messages';
exception when insufficient_privilege then
    return words || '; run as the owner of the publication: ' || joins;
end $$;

-- The text that confirms complete; null while the migration cannot be completed. Called by status and complete.
create or replace function history.confirmation() returns text
language plpgsql stable set search_path = history_maintenance, pg_temp
as $$
begin
    if (select s.phase from history.state s) <> 'migrated' then
        return null;
    end if;
    return (select format('drop %s arrays', count(*)) from public.conversations);
end $$;

-- Whether the text is that of confirmation, whose number may have changed by one per cent meanwhile. Called by complete.
create or replace function history.is_confirmed(said text) returns boolean
language plpgsql stable set search_path = pg_catalog, pg_temp
as $$
declare
    pattern constant text := '^drop (\d{1,15}) arrays$';
    there constant bigint := substring(history.confirmation() from pattern)::bigint;
    meant constant bigint := substring(said from pattern)::bigint;
begin
    return coalesce(abs(there - meant) <= there / 100, false);
end $$;

-- The last step: drops the view, the mirrors and the arrays, for good. Locks both tables for milliseconds. Called by complete.
create or replace function history.drop_arrays() returns text
language plpgsql set search_path = history_maintenance, pg_temp
as $$
declare
    users text;
begin
    if (select phase from history.state) = 'complete' then
        return 'done before';
    elsif (select phase from history.state) <> 'migrated' then
        raise exception 'Nothing can be completed before migrate has succeeded.';
    end if;
    lock table public.conversations, public.messages in access exclusive mode;
    drop view public.chat_sessions;
    perform history.guard('complete');
    alter table public.conversations drop column messages;
    delete from history.remembered;
    delete from history.progress;
    delete from history.replaced;
    perform history.enter('complete');
    return 'dropped the view, the mirrors and the array';
exception when dependent_objects_still_exist then
    get stacked diagnostics users = pg_exception_detail;
    raise exception 'Nothing was dropped: %', users using hint = 'status names each of them, and what to do.';
end $$;

-- Completes the migration by hand, if every array equals its rows. In: the text of confirmation. Locks both tables for milliseconds.
create or replace function history.complete(confirm text default null) returns text
language plpgsql set search_path = history_maintenance, pg_temp
as $$
declare
    differing uuid[];
begin
    if (select s.phase from history.state s) = 'migrated' then
        if not history.is_confirmed(confirm) then
            raise exception 'This drops the old name and the arrays, for good. If you mean it: select history.complete(%);',
                quote_literal(history.confirmation());
        end if;
        differing := history.differing();
        if differing <> '{}' then
            raise exception 'Nothing was dropped: these conversations differ from their rows: %', differing;
        end if;
    end if;
    return history.drop_arrays();
end $$;

-- Removes the triggers, and restores title, metadata and times that the backfill filled in. Called by roll_back.
create or replace function history.restore_sessions() returns void
language plpgsql set search_path = history_maintenance, pg_temp
as $$
declare
    ours name;
begin
    for ours in
        select t.tgname from pg_trigger t join pg_proc f on f.oid = t.tgfoid
        where t.tgrelid = 'public.conversations'::regclass and f.pronamespace = 'history'::regnamespace
    loop
        execute format('drop trigger %I on public.conversations', ours);
    end loop;
    alter table public.conversations
        drop constraint if exists history_filled_title, drop constraint if exists history_filled_last_seq,
        drop constraint if exists history_filled_message_count,
        alter column title drop not null; -- before titles are null again
    update public.conversations c -- the revision that is made of it must not shrink
    set updated_at = c.updated_at + (c.revision - history.version_of(c.updated_at) + 1) * interval '1 microsecond'
    where c.revision > history.version_of(c.updated_at);
    update public.conversations c
    set title = case when r.was ? 'title' and c.title = r.became ->> 'title' then r.was ->> 'title' else c.title end,
        metadata = case when r.was ? 'metadata' and c.metadata = r.became -> 'metadata' then null else c.metadata end,
        created_at = case when r.was ? 'created_at' then null else c.created_at end,
        updated_at = case when r.was ? 'updated_at' and c.updated_at = (r.became ->> 'updated_at')::timestamptz then null
            else c.updated_at end
    from history.remembered r where r.conversation_id = c.id;
end $$;

-- Stores what arrays cannot hold, until the next migration: replaced messages, but for versions; archived and labels; and since when the
-- conversation exists. What is shown will have ids by its places then: those name the questions of what is replaced, and whatever has one of
-- them gets another. Called by roll_back.
create or replace function history.set_aside() returns void
language plpgsql set search_path = history_maintenance, pg_temp
as $$
begin
    with aside as (
        select m.* from public.messages m
        left join public.messages v on v.id = history.to_uuid(m.metadata ->> 'version_of') -- what is shown has the keys in its element
        where not m.current and (not m.metadata ? 'version_of' or m.request_key is not null and not v.current)
    ), placed as (
        select e.conversation_id, e.id, e.role,
            history.element_id(e.conversation_id, row_number() over (partition by e.conversation_id order by e.seq)) as name
        from (
            select m.conversation_id, m.id, m.role, m.seq from public.messages m where m.current
            union all
            select q.conversation_id, null, null, q."position" from history.quarantine q) e
        where e.conversation_id in (select a.conversation_id from aside a)
    ), named as (
        select n.conversation_id, jsonb_object_agg(n.id, n.name) as names
        from (
            select p.conversation_id, p.id, p.name from placed p where p.role = 'user'
            union all
            select a.conversation_id, a.id, gen_random_uuid() from aside a
            join placed p on p.conversation_id = a.conversation_id and p.name = a.id) n
        group by n.conversation_id
    )
    insert into history.replaced (conversation_id, message_id, message)
    select c.id, (k.message ->> 'id')::uuid, k.message || jsonb_build_object('conversation_since', c.created_at)
    from aside a join public.conversations c on c.id = a.conversation_id
    left join named n on n.conversation_id = a.conversation_id
    cross join lateral (select history.with_names(to_jsonb(a), n.names) as message) k;
    insert into history.replaced (conversation_id, message_id, message)
    select c.id, c.id, jsonb_build_object('tenant_id', c.tenant_id, 'user_id', c.user_id, 'conversation_since', c.created_at,
        'archived', c.archived, 'labels', c.labels)
    from public.conversations c where c.archived or c.labels <> '{}'
    on conflict (conversation_id, message_id) do update set message = excluded.message;
end $$;

-- Goes back to chat_sessions. The arrays were kept up to date all the time, so this is mainly a rename.
create or replace function history.roll_back() returns text
language plpgsql set search_path = history_maintenance, pg_temp
as $$
declare
    was jsonb := (select original from history.state);
begin
    if current_user <> history.owner() then
        raise exception 'Only the owner of schema history goes back: set role %; then call this again.', history.owner();
    end if;
    if (select phase from history.state) = 'complete' then
        raise exception 'The migration is complete: the old arrays are gone, and there is nothing to go back to.';
    elsif (select phase from history.state) = 'prepared' then
        return 'nothing to roll back';
    end if;
    lock table public.conversations, public.messages in access exclusive mode;
    perform history.use_edition('none');
    drop view public.chat_sessions;
    perform history.let_listen(false);
    perform history.restore_sessions();
    if was ? 'published_conversations' then
        alter publication supabase_realtime drop table public.conversations;
    end if;
    alter table history.quarantine drop constraint if exists quarantine_conversation_fkey;
    perform history.set_aside();
    delete from history.labelled;
    drop table public.messages;
    alter table public.conversations
        drop constraint if exists history_filled_revision, drop column archived, drop column labels, drop column last_message_at,
        drop column revision, drop constraint conversations_tenant_id_id_key, drop column last_seq, drop column message_count,
        drop column request_hash;
    drop index if exists public.conversations_tenant_id_user_id_updated_at_id_idx, public.conversations_tenant_id_updated_at_id_idx;
    perform history.restore_team(was);
    perform history.use_edition('arrays');
    perform history.remember_definitions(array(select e.name from history.edition e));
    perform history.guard('prepared');
    delete from history.quarantine;
    delete from history.remembered;
    delete from history.progress;
    update history.state set original = '{}', fresh = false, backfilled_to = '00000000-0000-0000-0000-000000000000';
    perform history.enter('prepared');
    if exists (select from history.deleted d where d.erased) then
        perform history.refuse_in_arrays();
    end if;
    return 'chat_sessions is back';
end $$;

-- Turns and tokens per day (UTC), user and model: every attempt at an answer, also those that were replaced. An admin gets the own
-- tenants; service_role, the owner and who else bypasses the policies gets all; everybody else nothing. Called by the view usage.
create or replace function history.usage_by_day()
returns table (tenant_id uuid, day date, user_id uuid, model text, turns bigint, input_tokens bigint, output_tokens bigint)
language plpgsql stable security definer set search_path = history_maintenance, pg_temp
as $$
declare
    -- Here current_user is the owner; as whom a caller works is what the session has set, which needs the right to it.
    caller constant text := coalesce(nullif(current_setting('role'), 'none'), session_user);
    is_ops constant boolean := caller in ('service_role', history.owner())
        or exists (select from pg_roles r where r.rolname = caller and (r.rolsuper or r.rolbypassrls));
    tenants constant uuid[] := case when not is_ops then array(select history.my_admin_tenants()) end;
begin
    if (select s.phase from history.state s) = 'prepared' then
        return;
    end if;
    return query
    select m.tenant_id, (m.created_at at time zone 'UTC')::date, m.user_id, m.model,
        count(*), sum(m.input_tokens), sum(m.output_tokens)
    from public.messages m
    where m.role = 'assistant' and (is_ops or m.tenant_id = any (tenants))
    group by 1, 2, 3, 4
    order by 1, 2, 3, 4;
end $$;

create or replace view history.usage with (security_invoker = true) as select * from history.usage_by_day();

-- The one-time steps, in the order of their numbers: runs the next function upgrade_<number>, a part of its work at a time, and records
-- its end. Out: what was done; null when nothing is left. Migrate repeats it until then. A database without our tables needs none of
-- the steps, because it gets the tables as they are now.
create or replace function history.upgrade() returns text
language plpgsql set search_path = pg_catalog, pg_temp
as $$
declare
    done integer := (select s.schema from history.state s);
    next integer;
    newest integer;
    is_over boolean;
begin
    select min(u.number) filter (where u.number > done), max(u.number) into next, newest
    from (
        select substring(p.proname from '^upgrade_(\d+)$')::integer as number
        from pg_proc p where p.pronamespace = 'history'::regnamespace
    ) u;
    if done is null or next is null then
        update history.state set schema = greatest(done, newest) where schema is distinct from greatest(done, newest);
        return null;
    end if;
    execute format('select history.upgrade_%s()', next) into is_over;
    if is_over then
        update history.state set schema = next;
    end if;
    return format('step %s', next);
end $$;

-- Step 2: copies turns from the metadata of messages to columns, a thousand conversations at a time. Out: false while there are
-- more. Locks these conversations; no updated_at changes.
create or replace function history.upgrade_2() returns boolean
language plpgsql set search_path = history_maintenance, pg_temp
as $$
declare
    reached uuid := (select s.upgraded_to from history.state s);
    ids uuid[];
begin
    if (select s.phase from history.state s) = 'prepared' then
        return true;
    end if;
    ids := array(
        select c.id from public.conversations c where c.id >= reached and c.last_seq is not null and c.revision is null
        order by c.id limit 1000 for no key update);
    perform history.take_over(ids);
    update history.state s set upgraded_to = coalesce(ids[cardinality(ids)], '00000000-0000-0000-0000-000000000000');
    return ids = '{}' and not exists (select from public.conversations c where c.last_seq is not null and c.revision is null);
end $$;

-- The role that owns schema history, and as which its security definer functions run.
create or replace function history.owner() returns text
language sql stable set search_path = pg_catalog, pg_temp
as $$ select r.rolname::text from pg_namespace n join pg_roles r on r.oid = n.nspowner where n.nspname = 'history' $$;

-- The functions that the functions' role, and whoever it becomes, may call; everything else belongs to the migration.
create or replace function history.callable() returns text[]
language sql immutable
return array['user_id', 'claims', 'to_uuid', 'chosen_tenant', 'current_tenant', 'writing_tenant', 'my_tenants', 'my_admin_tenants',
    'merge_patch', 'derived_id', 'uuid_of', 'owns_conversation', 'elements', 'element_id', 'element_time', 'pending_messages',
    'pending_count', 'version_of', 'migration_pending', 'shown_conversation', 'shown_session', 'is_deleted', 'was_deleted',
    'keep_deletion', 'page_of_list', 'labelled_ids', 'messages_between', 'all_messages', 'came_to_nothing', 'shown_message', 'shown_state', 'any_message',
    'get_message', 'delete_message', 'remove_message', 'list_conversations', 'get_conversation', 'create_conversation', 'patch_conversation',
    'delete_conversation', 'claim_turn', 'flush_turn', 'finish_turn', 'running_turn', 'stop_turn', 'abandon_turn', 'first_words', 'refuse_loss',
    'conversation_meant', 'unseen', 'lock_conversation', 'take_turn', 'continue_turn', 'store_piece', 'store_end', 'store_stop',
    'read_turn', 'hidden_from_caller', 'no_conversation', 'lock_session', 'said', 'seen_in_array', 'mark_attempt', 'failed_in_array', 'named_in_array', 'kept_aside',
    'standing_in_array', 'question_in_array', 'grant_turn', 'count_tokens', 'with_parts', 'object_of', 'sent_parts', 'had_before', 'with_step', 'sent_metadata', 'parts_of', 'field_of', 'turn_keys', 'usage_by_day',
    -- to read and write arrays
    'list_of', 'list_path', 'unwrapped', 'wrapped', 'element_count', 'decoded', 'string_in', 'object_in', 'body_of', 'message_of', 'ui_parts',
    'role_of', 'role_word', 'role_keys', 'text_of', 'text_in', 'text_keys', 'time_of', 'time_keys', 'iso_words', 'kept',
    'is_lifted'];

-- The relations that must exist in a phase: whether row level security is on, and whether it binds the owner too.
create or replace function history.wanted_relations(target text)
returns table (relation text, kind "char", secured boolean, forced boolean)
language sql stable set search_path = pg_catalog, pg_temp
as $$
    select t.name, 'r'::"char", true, t.forced
    from (values
        ('history.state', false), ('history.lease', false), ('history.definition', false), ('history.edition', false),
        ('history.secret', false), ('history.receipt', false),
        ('history.quarantine', true), ('history.remembered', true), ('history.progress', true),
        ('history.replaced', true), ('history.labelled', true), ('history.deleted', true),
        ('history.granted_turns', true), ('history.spent_tokens', true)) t(name, forced)
    union all
    select 'history.schema_history', 'r', true, false where to_regclass('history.schema_history') is not null -- Flyway's
    union all
    -- Last, because an owner under forced policies sees no row, and would validate a foreign key that is not valid.
    select t.name, 'r', true, target in ('migrated', 'complete')
    from (values ('public.conversations'), ('public.messages')) t(name) where target <> 'prepared'
    union all
    select 'history.usage', 'v', false, false
    union all
    select 'public.chat_sessions', 'v', false, false where target in ('expanded', 'backfilled', 'migrated')
$$;

-- The columns that a phase needs. type: null for any. filled: whether it must not be null; null where either will do. fallback: its
-- default; 'any' for those of phase 0, of which our functions need no more than that they are there.
create or replace function history.wanted_columns(target text)
returns table (relation text, name text, type text, filled boolean, fallback text)
language sql stable set search_path = pg_catalog, pg_temp
as $$
    select 'public.conversations' as relation, c.*
    from (select nullif(target in ('migrated', 'complete'), false) as is_done) t cross join lateral (values
        ('title', 'text or varchar(255)', t.is_done, '''New Conversation''::character varying'),
        ('last_seq', 'bigint', t.is_done, case when t.is_done then '0' end),
        ('message_count', 'integer', t.is_done, case when t.is_done then '0' end),
        ('revision', 'bigint', t.is_done, case when t.is_done then '0' end),
        ('request_hash', 'text', false, null), -- of the request that came with an idempotency key and made the conversation
        ('archived', 'boolean', true, 'false'), ('labels', 'text[]', true, '''{}''::text[]'),
        ('last_message_at', 'timestamp with time zone', false, null)) c(name, type, filled, fallback)
    where target <> 'prepared'
    union all
    select 'public.messages', m.* from (values
        ('id', 'uuid', true, 'gen_random_uuid()'), ('tenant_id', 'uuid', true, null), ('conversation_id', 'uuid', true, null),
        ('user_id', 'uuid', true, null), ('seq', 'bigint', true, null), ('role', 'character varying(20)', true, null),
        ('content', 'text', true, null), ('metadata', 'jsonb', true, '''{}''::jsonb'),
        ('created_at', 'timestamp with time zone', true, 'now()'), ('status', 'text', true, '''completed''::text'),
        ('current', 'boolean', true, 'true'), ('reply_to', 'uuid', false, null),
        ('lease_until', 'timestamp with time zone', false, null), ('client_id', 'text', false, null),
        ('request_key', 'text', false, null), ('request_hash', 'text', false, null), ('model', 'text', false, null),
        ('input_tokens', 'integer', false, null), ('output_tokens', 'integer', false, null), ('parts', 'jsonb', false, null)) m
    where target <> 'prepared'
    union all
    select p.relation, a.name, p.type, null, 'any' from (values
        ('public.conversations', 'id tenant_id user_id', 'uuid'), ('public.conversations', 'metadata', 'jsonb'),
        ('public.conversations', 'created_at updated_at', 'timestamp with time zone'), ('public.tenants', 'id', 'uuid'),
        ('public.tenant_users', 'tenant_id user_id', 'uuid'), ('public.tenant_users', 'role', null)) p(relation, names, type)
    cross join lateral string_to_table(p.names, ' ') a(name) where target <> 'prepared'
$$;

-- The triggers that must exist in a phase, as PostgreSQL prints them. They do not fire for the migration's own writes, but for those that follow
-- every change of conversations: labels, deletions, and Realtime messages, if there is a Realtime that the owner may use. Counting is
-- for each row, because a transition table would make the backfill keep a copy of every row.
create or replace function history.wanted_triggers(target text)
returns table (relation text, name text, definition text)
language plpgsql stable set search_path = pg_catalog, pg_temp
as $$
declare
    awake constant text := format(
        '((CURRENT_USER <> %L::name) OR (current_setting(''search_path''::text) <> ''history_maintenance, pg_temp''::text))',
        history.owner());
    bound constant text := '(' || awake || ' AND row_security_active(''%s''::text) AND (CURRENT_USER <> ''service_role''::name))';
    filled constant text := '((jsonb_typeof(new.messages) <> ''null''::text) AND (new.messages <> ''[]''::jsonb))';
    mirrored constant boolean := target in ('expanded', 'backfilled', 'migrated');
    argument constant text := '(' || quote_literal(case when mirrored then 'mirror' else '' end) || ')';
    row constant text := 'FOR EACH ROW';
    before constant text := 'REFERENCING OLD TABLE AS before FOR EACH STATEMENT';
    c constant text := 'public.conversations';
    m constant text := 'public.messages';
    q constant text := 'history.quarantine';
    send constant regprocedure := to_regprocedure('realtime.send(jsonb, text, text, boolean)');
    sends constant boolean := has_function_privilege(history.owner(), send, 'execute')
        and has_schema_privilege(history.owner(), (select p.pronamespace from pg_proc p where p.oid = send), 'usage');
begin
    return query
    select t.relation, t.name, format('CREATE TRIGGER %s %s ON %s %s%s EXECUTE FUNCTION history.%s',
        t.name, t.event, t.relation, t.level, ' WHEN (' || format(t.condition, t.relation) || ')', t.call)
    from (values
        (mirrored, c, 'history_1_array_limited', 'BEFORE INSERT OR UPDATE OF messages', row, bound, 'array_limited()'),
        (true, c, 'history_1_asked', 'BEFORE INSERT', row, awake, 'conversation_asked()'),
        (true, c, 'history_1_refused', 'BEFORE INSERT', row, '(' || awake || ' AND (new.last_seq < 0))', 'id_refused()'),
        (true, c, 'history_1_written', 'BEFORE INSERT OR UPDATE', row, awake, 'conversation_written' || argument),
        (mirrored, c, 'history_2_array_inserted', 'BEFORE INSERT', row, filled, 'array_inserted()'),
        (mirrored, c, 'history_2_array_rewritten', 'BEFORE UPDATE OF messages', row, awake, 'array_rewritten()'),
        (true, c, 'history_2_limited', 'BEFORE INSERT OR UPDATE', row, bound, 'conversation_limited()'),
        (mirrored, c, 'history_3_array_stored', 'AFTER INSERT', row, filled, 'array_stored()'),
        (true, c, 'history_3_deleted', 'AFTER DELETE', row, null, 'conversation_deleted()'),
        (true, c, 'history_4_owner_changed', 'AFTER UPDATE', row,
            '(' || awake || ' AND (old.user_id IS DISTINCT FROM new.user_id))', 'owner_changed' || argument),
        (true, c, 'history_5_insert', 'AFTER INSERT', row, '(new.labels <> ''{}''::text[])', 'labelled_again()'),
        (true, c, 'history_5_update', 'AFTER UPDATE', row, '(((new.labels <> ''{}''::text[]) OR (old.labels <> ''{}''::text[])) AND '
            '((new.labels IS DISTINCT FROM old.labels) OR (new.archived IS DISTINCT FROM old.archived) '
            'OR (new.user_id IS DISTINCT FROM old.user_id) OR (new.last_message_at IS DISTINCT FROM old.last_message_at) '
            'OR (new.created_at IS DISTINCT FROM old.created_at)))', 'labelled_again()'),
        (true, c, 'history_6_erased', 'AFTER INSERT OR UPDATE OF id, tenant_id, user_id', row, awake, 'erased_refused()'),
        (sends, c, 'history_7_sent', 'AFTER INSERT OR DELETE', row, null, 'revision_sent()'),
        (sends, c, 'history_7_sent_again', 'AFTER UPDATE', row, '(old.revision <> new.revision)', 'revision_sent()'),
        (true, m, 'history_1_inserted', 'BEFORE INSERT', row, awake, 'message_inserted()'),
        (true, m, 'history_1_updated', 'BEFORE UPDATE', row, awake, 'message_updated()'),
        (true, m, 'history_2_allowed', 'BEFORE INSERT', row, '(' || awake || ' AND (new.seq = 0))', 'message_allowed()'),
        (true, m, 'history_2_counted_delete', 'AFTER DELETE', before, awake, 'messages_changed' || argument),
        (true, m, 'history_2_counted_insert', 'AFTER INSERT', row, awake, 'message_added' || argument),
        (true, m, 'history_2_counted_update', 'AFTER UPDATE', before, awake, 'messages_changed' || argument),
        (true, m, 'history_3_inserted', 'BEFORE INSERT', row, '(' || awake || ' AND (new.seq = 0))',
            'message_inserted(''allowed'')'),
        (true, m, 'history_4_refused', 'BEFORE INSERT', row, '(' || awake || ' AND (new.seq < 0))', 'id_refused()'),
        (true, m, 'history_5_limited', 'BEFORE INSERT OR UPDATE', row, bound, 'message_limited()'),
        (true, q, 'history_1_edited', 'BEFORE DELETE OR UPDATE', row, awake, 'entry_edited()')
    ) t(exists, relation, name, event, level, condition, call)
    where t.exists and (target <> 'prepared' or t.relation = q);
end $$;

-- The policies that must exist in a phase, each condition as PostgreSQL prints it: a user has their own rows, an admin reads the
-- tenant's, both without replaced messages; service_role has everything; nobody else anything. All are permissive and for one role.
create or replace function history.wanted_policies(target text)
returns table (relation text, name text, command text, grantee text, condition text, checked text)
language plpgsql stable set search_path = pg_catalog, pg_temp
as $$
declare
    owner constant text := history.owner();
    own constant text := '(user_id = ( SELECT history.user_id() AS user_id)) AND '
        || '(tenant_id = ANY (ARRAY( SELECT history.my_tenants() AS my_tenants)))';
    admin constant text := '(tenant_id = ANY (ARRAY( SELECT history.my_admin_tenants() AS my_admin_tenants)))';
    service constant text := '(CURRENT_USER = ''service_role''::name)';
    is_owner constant text := format('(CURRENT_USER = %L::name)', owner);
    at_work constant text := format(
        '(%s AND (current_setting(''search_path''::text) = ''history_maintenance, pg_temp''::text))', is_owner);
begin
    return query
    select t.name, p.name, p.command, p.grantee, p.condition, p.checked
    from (values
        ('public.conversations', '(' || own || ')', ''),
        ('public.messages', '(' || own || ' AND history.owns_conversation(tenant_id, conversation_id))', 'current AND ')) t(name, writable, shown)
    cross join lateral (values
        ('own_select', 'SELECT', 'authenticated', '(' || t.shown || own || ')', null),
        ('own_insert', 'INSERT', 'authenticated', null, t.writable),
        ('own_update', 'UPDATE', 'authenticated', '(' || own || ')', t.writable),
        ('own_delete', 'DELETE', 'authenticated', '(' || own || ')', null),
        ('admin_select', 'SELECT', 'authenticated', case t.shown when '' then admin else '(' || t.shown || admin || ')' end, null),
        ('service_role_select', 'SELECT', 'service_role', service, null),
        ('service_role_insert', 'INSERT', 'service_role', null, service),
        ('service_role_update', 'UPDATE', 'service_role', service, service),
        ('service_role_delete', 'DELETE', 'service_role', service, null),
        ('maintenance', 'ALL', owner, at_work, at_work)) p(name, command, grantee, condition, checked)
    where target <> 'prepared'
    union all
    select r.relation, 'maintenance', 'ALL', owner, at_work, at_work
    from history.wanted_relations(target) r where r.forced and r.relation like 'history.%' and r.relation <> 'history.quarantine'
    union all
    select 'history.quarantine', p.name, p.command, p.grantee, p.condition, p.checked
    from (values
        ('maintenance', 'ALL', owner, is_owner, is_owner), -- the owner mends entries by hand
        ('service_role_select', 'SELECT', 'service_role', service, null),
        ('service_role_update', 'UPDATE', 'service_role', service, service),
        ('service_role_delete', 'DELETE', 'service_role', service, null)) p(name, command, grantee, condition, checked);
end $$;

-- Wrong attributes and rights of the functions' role, of the clients' and of the schemas; a role's attributes are for an administrator to
-- change. A schema history_maintenance must not exist: functions with that search path would look there.
create or replace function history.role_differences()
returns table (place integer, object text, finding text, remedy text, mend text)
language sql stable set search_path = pg_catalog, pg_temp
as $$
    with held as materialized (
        select case a.grantee when 0 then 'public' else a.grantee::regrole::text end as grantee, a.privilege_type from pg_namespace n
        cross join lateral aclexplode(n.nspacl) a where n.nspname = 'history' and a.grantee <> n.nspowner
    ), wanted as (
        select r.rolname::text as grantee from pg_roles r where r.rolname in ('authenticated', 'service_role', 'history_functions')
    ), caller as (
        select *, rolname = 'history_functions' as is_login from pg_roles where rolname in ('history_functions', 'authenticated', 'anon')
    )
    select 12, 'schema history', format('%s may not use it', w.grantee), null, format('grant usage on schema history to %I', w.grantee)
    from wanted w where not exists (select from held h where h.grantee = w.grantee and h.privilege_type = 'USAGE')
    union all
    select case when g.may then 12 else 97 end, 'schema public', format('%s may not use it', g.name),
        case when not g.may then format('As its owner: %s;', g.statement) end, case when g.may then g.statement end
    from (select r.name, format('grant usage on schema public to %I', r.name), has_schema_privilege('public', 'usage with grant option')
        from (select w.grantee from wanted w where w.grantee <> 'history_functions' union select history.owner()) r(name))
        g(name, statement, may)
    where not has_schema_privilege(g.name, 'public', 'usage')
    union all
    select 13, 'schema history', format('%s may %s', h.grantee, lower(h.privilege_type)), null,
        format('revoke %s on schema history from %s', lower(h.privilege_type), h.grantee)
    from held h where h.privilege_type <> 'USAGE' or h.grantee in ('public', 'anon')
    union all
    select 97, c.rolname, 'is a superuser, bypasses policies, or may create roles or replicate',
        format('As an administrator: alter role %I nosuperuser nobypassrls nocreaterole noreplication;', c.rolname), null
    from caller c where c.rolsuper or c.rolbypassrls or c.rolcreaterole or c.rolreplication
    union all -- the first grant of each chain
    select 97, c.rolname, 'may become ' || (
            select string_agg(o.rolname, ', ' order by o.oid <> r.oid, o.rolname) from pg_roles o
            where o.oid = r.oid or not r.rolsuper and pg_has_role(r.oid, o.oid, 'member')),
        concat(format('revoke %I from %I', r.rolname, c.rolname), ' granted by ' || nullif(m.grantor, 10)::regrole, ';'), null
    from caller c join pg_auth_members m on m.member = c.oid join pg_roles r on r.oid = m.roleid
    where not (c.is_login and r.rolname = 'authenticated')
    union all
    select 97, l.rolname, 'owns ' || c.oid::regclass, format('alter table %s owner to %I;', c.oid::regclass, history.owner()), null
    from pg_class c join caller l on l.oid = c.relowner and l.is_login where c.relkind in ('r', 'p', 'v', 'm', 'f')
    union all
    select 97, 'schema history_maintenance', 'must not exist: functions look there', 'drop schema history_maintenance;', null
    where to_regnamespace('history_maintenance') is not null
    union all
    select 97, 'the database', format('%s may create schemas in it', case r.grantee when 'public' then 'everybody' else r.grantee end),
        format('revoke create on database %I from %s;', current_database(), r.grantee), null
    from pg_database d cross join lateral aclexplode(d.datacl) a
    cross join lateral (select case a.grantee when 0 then 'public' else a.grantee::regrole::text end) r(grantee)
    where d.datname = current_database() and a.privilege_type = 'CREATE' and (a.grantee = 0 or r.grantee in (select c.rolname from caller c))
$$;

-- What keeps the functions' role from logging in, or from becoming authenticated. A right is given where the owner may give it; the rest is
-- for an administrator to change.
create or replace function history.login_differences()
returns table (place integer, object text, finding text, remedy text, mend text)
language sql stable set search_path = pg_catalog, pg_temp
as $$
    with login as (
        select * from pg_roles where rolname = 'history_functions'
    )
    select case when g.may then 12 else 97 end, 'the database', format('%s may not connect to it', l.rolname),
        case when not g.may then format('As its owner: %s;', g.statement) end, case when g.may then g.statement end
    from login l cross join lateral (values (format('grant connect on database %I to %I', current_database(), l.rolname),
        has_database_privilege(current_database(), 'connect with grant option'))) g(statement, may)
    where not has_database_privilege(l.oid, current_database(), 'connect')
    union all
    select 97, l.rolname, format('is no member of %s', r.rolname),
        format('Run migrate, or as an administrator: grant %I to %I;', r.rolname, l.rolname), null
    from login l join pg_roles r on r.rolname = 'authenticated' and not pg_has_role(l.oid, r.oid, 'member')
    union all
    select 97, l.rolname, u.finding, format('As an administrator: alter role %I %s;', l.rolname, u.change), null
    from login l cross join lateral (values
        (not l.rolcanlogin, 'may not log in', 'login'),
        (l.rolvaliduntil < now(), 'has a password that is no longer valid', 'valid until ''infinity'''),
        (l.rolconnlimit = 0, 'may have no connection', 'connection limit -1')
    ) u(holds, finding, change)
    where u.holds
    union all
    select 97, 'the database', 'may have no connection',
        format('As an administrator: alter database %I connection limit -1;', d.datname), null
    from pg_database d where d.datname = current_database() and d.datconnlimit = 0
$$;

-- Defaults and limits of the functions' role and of the database with which requests fail, or connections run out. They are for an
-- administrator to change.
create or replace function history.setting_differences()
returns table (place integer, object text, finding text, remedy text, mend text)
language sql stable set search_path = pg_catalog, pg_temp
as $$
    with login as (
        select * from pg_roles where rolname = 'history_functions'
    ), setting as ( -- of the role, and of the database
        select d.setrole, d.setdatabase, s.setting, split_part(s.setting, '=', 1) as name
        from pg_db_role_setting d cross join lateral unnest(d.setconfig) s(setting)
        where d.setdatabase in (0, (select b.oid from pg_database b where b.datname = current_database()))
            and d.setrole in (0, (select l.oid from login l))
    )
    select 97, l.rolname, format('has the default %s, which breaks what it does', s.setting),
        format('As an administrator: alter %s reset %s;', concat_ws(' in ', 'role ' || (case when s.setrole <> 0 then l.rolname end),
            'database ' || quote_ident(case when s.setdatabase <> 0 then current_database() end)), s.name), null
    from login l cross join setting s
    where s.setting ~* concat('^(row_security=(of|f|n|0)|session_replication_role=[rl]',
            '|statement_timeout=(?!0+\D*$)(\d{1,3}(\.\d*)?( *ms)?|\d{1,6} *us|0?\.\d+ *s)$', -- below a second
            case when s.setrole <> 0 then '|default_transaction_read_only=(on|t|y|1)' end, ')')
        and not (s.setrole = 0 and exists (select from setting o where o.setrole <> 0 and o.name = s.name)) -- the role's own holds
    union all
    select 98, l.rolname, 'keeps a connection open for as long as a function is frozen',
        'As an administrator: alter role history_functions set idle_session_timeout = ''300s'';', null
    from login l where not exists (select from pg_db_role_setting s where s.setrole = l.oid and s.setconfig::text ~ 'idle_session_timeout=')
    union all
    select 98, l.rolname, format('may have %s connections, of %s that the server has for everybody', l.rolconnlimit, s.setting),
        'Set FUNCTIONS_CONNECTIONS to fewer and run migrate.', null
    from login l join pg_settings s on s.name = 'max_connections' and l.rolconnlimit >= s.setting::integer
$$;

-- Relations that are missing, belong to somebody else, lack row level security or are lost in a crash; and others' views of them.
create or replace function history.relation_differences(target text)
returns table (place integer, object text, finding text, remedy text, mend text)
language sql stable set search_path = pg_catalog, pg_temp
as $$
    with recursive wanted as materialized (
        select w.*, c.oid, c.relowner, c.relpersistence, c.relrowsecurity, c.relforcerowsecurity, c.reloptions, case
            when w.relation like 'history.%' then (select n.nspowner from pg_namespace n where n.nspname = 'history')
            else (select p.relowner from pg_class p where p.oid = to_regclass('public.conversations'))
        end as owner
        from history.wanted_relations(target) w
        left join pg_class c on c.oid = to_regclass(w.relation) and c.relkind in (w.kind, case w.kind when 'r' then 'p' end)
    ), reader as ( -- and who reads these
        select w.oid from wanted w where w.relation <> 'history.lease'
        union
        select r.ev_class from reader x
        join pg_depend d on d.refclassid = 'pg_class'::regclass and d.refobjid = x.oid and d.classid = 'pg_rewrite'::regclass
        join pg_rewrite r on r.oid = d.objid
    )
    select 10, w.relation, 'is missing', case when w.kind <> 'v' then 'Restore it from a backup.' end,
        case when w.kind = 'v' then 'select history.make_view()' end
    from wanted w where w.oid is null
    union all
    select 11, w.relation, 'belongs to ' || quote_ident(pg_get_userbyid(w.relowner)), null,
        format('alter table %s owner to %I', w.relation, pg_get_userbyid(w.owner))
    from wanted w where w.relowner <> w.owner
    union all
    select 60, w.relation, 'row level security is not enabled', null,
        format('alter table %s enable row level security', w.relation)
    from wanted w where w.secured and not w.relrowsecurity
    union all
    select 80, w.relation, 'row level security does not bind the owner', null,
        format('alter table %s force row level security', w.relation)
    from wanted w where w.forced and not w.relforcerowsecurity
    union all
    select 61, w.relation, 'the view shows rows as its owner', null,
        format('alter view %s set (security_invoker = true)', w.relation)
    from wanted w where w.kind = 'v' and w.oid is not null and 'security_invoker=true' <> all (coalesce(w.reloptions, '{}'))
    union all
    select 90, v.oid::regclass::text,
        case v.relkind when 'v' then 'the view shows rows as its owner' else 'clients may read all that it holds' end,
        format(case v.relkind when 'v' then 'alter view %s set (security_invoker = true);'
            else 'revoke all on %s from public, anon, authenticated;' end, v.oid::regclass), null
    from pg_class v join reader x on x.oid = v.oid
    where v.oid <> all (select w.oid from wanted w where w.oid is not null) and case v.relkind
        when 'v' then coalesce(array_to_string(v.reloptions, ' '), '') !~ '\msecurity_invoker=(true|on|yes|1)\M'
        when 'm' then exists (select from pg_roles r
            where r.rolname in ('anon', 'authenticated') and has_any_column_privilege(r.oid, v.oid, 'select')) end
    union all
    select 90, w.relation, 'is unlogged: a crash empties it',
        format('At a quiet time, because it is written anew: alter table %s set logged;', w.relation), null
    from wanted w where w.relpersistence = 'u'
    union all
    select 91, r.ev_class::regclass::text, format('rule %s is %s', r.rulename,
            case r.ev_enabled when 'D' then 'disabled' else 'not of this version' end),
        format('If it is not meant: drop rule %I on %s;', r.rulename, r.ev_class::regclass), null
    from pg_rewrite r where r.rulename <> '_RETURN' and r.ev_class in (select w.oid from wanted w)
$$;

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

-- Our keys and checks (as PostgreSQL prints them, also after a dump and restore) that are missing, changed or not validated; those of
-- others that expand did not find on chat_sessions. A key uses an index that was built before; a check or a foreign key is added first
-- and validated then, in a transaction of its own. So nobody waits.
create or replace function history.constraint_differences(target text)
returns table (place integer, object text, finding text, remedy text, mend text)
language sql stable set search_path = pg_catalog, pg_temp
as $$
    with known as (
        select k.relation, k.name, coalesce(k.definition, 'FOREIGN KEY (tenant_id, conversation_id) '
            'REFERENCES public.conversations(tenant_id, id) ON DELETE CASCADE') as definition, k.from_the_start
        from (values
            ('public.conversations', 'conversations_tenant_id_id_key', 'UNIQUE (tenant_id, id)', true),
            ('public.messages', 'messages_pkey', 'PRIMARY KEY (id)', true),
            ('public.messages', 'messages_tenant_id_conversation_id_seq_key', 'UNIQUE (tenant_id, conversation_id, seq)', true),
            ('public.messages', 'messages_role_check', 'CHECK (((role)::text = ANY (ARRAY[''user''::text, '
                '''assistant''::text, ''system''::text])))', true),
            ('public.messages', 'messages_status_check', 'CHECK ((status = ANY (ARRAY[''running''::text, ''completed''::text, '
                '''incomplete''::text, ''failed''::text, ''stopped''::text])))', true),
            ('public.messages', 'messages_conversation_fkey', null, false),
            ('history.quarantine', 'quarantine_conversation_fkey', null, false)) k(relation, name, definition, from_the_start)
    ), wanted as materialized (
        select w.*, to_regclass(w.relation) as oid, k.conname, k.convalidated,
            regexp_replace(pg_get_constraintdef(k.oid), ' NOT VALID$', '') as found,
            substring(w.definition from '^(UNIQUE|PRIMARY KEY)') as kind, split_part(w.relation, '.', 1) as schema,
            (select i.indisvalid from pg_index i where i.indexrelid = to_regclass(split_part(w.relation, '.', 1) || '.' || w.name))
                as built
        from known w
        left join pg_constraint k on k.conrelid = to_regclass(w.relation) and k.conname = w.name
        where to_regclass(w.relation) is not null and (
            target in ('migrated', 'complete') or target in ('expanded', 'backfilled') and w.from_the_start)
    )
    select 30, w.relation, format('constraint %s is %s', w.name, coalesce('different from this version''s: ' || w.found, 'missing')), null,
        case when w.kind is null then format(E'alter table %s%s add constraint %I %s not valid;\nalter table %1$s validate constraint %3$I',
            w.relation, ' drop constraint ' || quote_ident(w.conname) || ',', w.name, w.definition)
        else concat_ws(E';\n',
            case when w.conname is not null then format('alter table %s drop constraint %I', w.relation, w.name)
                when not w.built then format('drop index concurrently %I.%I', w.schema, w.name) end,
            case when w.conname is not null or w.built is not true then format('create unique index concurrently %I on %s %s', w.name,
                w.relation, substring(w.definition from '\(.*\)')) end,
            format('alter table %s add constraint %I %s using index %I', w.relation, w.name, w.kind, w.name)) end
    from wanted w where w.found is distinct from w.definition
    union all
    select 31, w.relation, format('constraint %s is not validated', w.name), null,
        format('alter table %s validate constraint %I', w.relation, w.name)
    from wanted w where w.found = w.definition and not w.convalidated
    union all
    select 99, k.conrelid::regclass::text, format('constraint %s is not of this version: %s', k.conname, pg_get_constraintdef(k.oid)),
        format('If it is not meant: alter table %s drop constraint %I;', k.conrelid::regclass, k.conname), null
    from pg_constraint k
    where k.conrelid in (to_regclass('public.conversations'), to_regclass('public.messages')) and k.contype not in ('n', 't')
        and k.conname not in (select w.name from known w where to_regclass(w.relation) = k.conrelid) and k.conname !~ '^history_filled_'
        and not exists (select from history.state s where k.conrelid = to_regclass('public.conversations') and coalesce(
            s.original -> 'constraints' ? regexp_replace(pg_get_constraintdef(k.oid), ' NOT VALID$', ''), k.contype <> 'c'))
$$;

-- Keys of others on our tables that leave out the tenant, and foreign keys that keep our rows from being deleted.
create or replace function history.key_differences()
returns table (place integer, object text, finding text, remedy text, mend text)
language sql stable set search_path = pg_catalog, pg_temp
as $$
    select 95, k.conrelid::regclass::text, format('%s does not carry the tenant', k.conname),
        format('alter table %s drop constraint %I;', k.conrelid::regclass, k.conname), null
    from pg_constraint k
    where (k.contype = 'u' or k.contype = 'f' and k.confrelid = to_regclass('public.conversations'))
        and k.conrelid in (to_regclass('public.conversations'), to_regclass('public.messages'), to_regclass('history.quarantine'))
        and not exists (
            select from pg_attribute a where a.attrelid = k.conrelid and a.attname = 'tenant_id' and a.attnum = any (k.conkey))
    union all
    select 98, k.conrelid::regclass::text,
        format('%s keeps each row of %s that it names from being deleted', k.conname, k.confrelid::regclass),
        format('To let its rows go too (or set null instead of cascade): alter table %s drop constraint %I, add constraint %2$I %3$s;',
            k.conrelid::regclass, k.conname, regexp_replace(replace(pg_get_constraintdef(k.oid), ' ON DELETE RESTRICT', ''),
                '( REFERENCES .*?\)( MATCH FULL)?)', '\1 ON DELETE CASCADE')), null
    from pg_constraint k
    where k.contype = 'f' and k.confdeltype in ('a', 'r') and k.conparentid = 0
        and k.confrelid in (to_regclass('public.conversations'), to_regclass('public.messages'))
$$;

-- Indexes that are missing, changed, or left invalid by a build that was cut off; those of an earlier version; others on
-- public.messages, which is all ours, and unique ones on public.conversations that expand did not find. Ours are for lists, for the messages that are shown, for messages by the ids of their elements,
-- for running attempts, and for requests with a key.
create or replace function history.index_differences(target text)
returns table (place integer, object text, finding text, remedy text, mend text)
language sql stable set search_path = pg_catalog, pg_temp
as $$
    with known as (
        select i.name, format('CREATE INDEX %s ON public.%s USING btree (%s)%s', i.name, i.relation, i.columns, i.condition) as definition,
            i.from_the_start
        -- A case, because the planner considers coalesce a function that might leak, and would not use it with an index under policies.
        from (values (E'(\nCASE\n    WHEN (last_message_at IS NOT NULL) THEN last_message_at\n    WHEN (created_at IS NOT NULL) THEN created_at\n'
            '    ELSE ''-infinity''::timestamp with time zone\nEND) DESC, id DESC')) p(place)
        cross join lateral (values
            ('conversations_own_list_idx', 'conversations', 'tenant_id, user_id, archived, ' || place, '', false),
            ('conversations_tenant_list_idx', 'conversations', 'tenant_id, archived, ' || place, '', false),
            ('messages_current_idx', 'messages', 'tenant_id, conversation_id, seq', ' WHERE current', false),
            ('messages_legacy_idx', 'messages', 'tenant_id, conversation_id, client_id', ' WHERE (metadata ? ''legacy''::text)', false),
            ('messages_running_idx', 'messages', 'tenant_id, conversation_id', ' WHERE (lease_until IS NOT NULL)', true),
            ('messages_request_key_idx', 'messages', 'tenant_id, user_id, request_key', ' WHERE (request_key IS NOT NULL)', true))
            i(name, relation, columns, condition, from_the_start)
    )
    select 35, 'public.' || w.name,
        case when i.indexrelid is null then 'is missing' when not i.indisvalid then 'is not valid' else 'is another index' end, null,
        case when i.indexrelid is null then replace(w.definition, 'CREATE INDEX', 'create index concurrently')
            else format('drop index concurrently public.%I', w.name) end
    from known w
    left join pg_index i on i.indexrelid = to_regclass('public.' || w.name)
    where (target in ('migrated', 'complete') or target in ('expanded', 'backfilled') and w.from_the_start)
        and (i.indexrelid is null or not i.indisvalid or pg_get_indexdef(i.indexrelid) <> w.definition)
    union all
    select 36, 'public.' || r.name, 'is not read any more', null, format('drop index concurrently public.%I', r.name)
    from unnest(array['conversations_tenant_id_user_id_updated_at_id_idx', 'conversations_tenant_id_updated_at_id_idx']) r(name)
    where target in ('migrated', 'complete') and to_regclass('public.' || r.name) is not null
    union all
    select 94, i.indexrelid::regclass::text,
        format('the %sindex on %s is not of this version', case when i.indisunique then 'unique ' end, i.indrelid::regclass),
        format('If it is not meant: drop index concurrently %s;', i.indexrelid::regclass), null
    from pg_index i
    where (i.indrelid = to_regclass('public.messages') or i.indrelid = to_regclass('public.conversations') and i.indisunique and exists (
            select from history.state s where not s.original -> 'constraints' ? pg_get_indexdef(i.indexrelid)))
        and not exists (select from pg_constraint k where k.conindid = i.indexrelid)
        and not exists (select from known w where to_regclass('public.' || w.name) = i.indexrelid)
$$;

-- Functions of schema history that are not as this version defined them, or that the wrong roles may call.
create or replace function history.function_differences()
returns table (place integer, object text, finding text, remedy text, mend text)
language sql stable set search_path = pg_catalog, pg_temp
as $$
    with found as materialized (
        select p.oid, p.oid::regprocedure::text as name, p.proname::text as short, p.proowner, p.proacl, p.prosecdef,
            p.prosqlbody is not null or p.proconfig && array['search_path=pg_catalog, pg_temp', 'search_path=history_maintenance, pg_temp']
                as settled, md5(pg_get_functiondef(p.oid)) as digest
        from pg_proc p where p.pronamespace = 'history'::regnamespace and p.prokind = 'f'
    ), held as materialized (
        select f.name, f.short, case a.grantee when 0 then 'public' else a.grantee::regrole::text end as grantee
        from found f cross join lateral aclexplode(coalesce(f.proacl, acldefault('f', f.proowner))) a
        where a.grantee <> f.proowner
    ), wanted as (
        select f.name, r.rolname::text as grantee from found f
        join pg_roles r on r.rolname in ('authenticated', 'service_role', 'history_functions')
        where f.short = any (history.callable())
    )
    select 40, d.name, 'is missing or not as this version defines it', 'Run migrate: it defines it again.', null
    from history.definition d left join found f on f.name = d.name where f.digest is distinct from d.digest
    union all
    select 12, f.name, 'belongs to ' || quote_ident(pg_get_userbyid(f.proowner)), null,
        format('alter function %s owner to %I', f.name, history.owner())
    from found f where pg_get_userbyid(f.proowner) <> (select history.owner()) -- asked once
    union all
    select case when f.prosecdef and not f.settled then 97 else 96 end, f.name, concat('was not made by this version',
            case when f.prosecdef and not f.settled then ', and works as its owner with types of its callers' end),
        format('If it is not meant: drop function %s;', f.name), null
    from found f where not exists (select from history.definition d where d.name = f.name)
    union all
    select 42, 'schema history', format('%s may not execute %s', w.grantee, string_agg(w.name, ', ')), null,
        format('grant execute on function %s to %I', string_agg(w.name, ', '), w.grantee)
    from wanted w where not exists (select from held h where h.name = w.name and h.grantee = w.grantee)
    group by w.grantee
    union all
    select 43, 'schema history', format('%s may execute %s', case h.grantee when 'public' then 'everybody' else h.grantee end,
            string_agg(h.name, ', ')), null,
        format('revoke execute on function %s from %s', string_agg(h.name, ', '), h.grantee)
    from held h where not exists (select from wanted w where w.name = h.name and w.grantee = h.grantee)
    group by h.grantee
$$;

-- Triggers that are missing, changed or disabled, ours that belong to another phase, and those of others, which are reported.
create or replace function history.trigger_differences(target text)
returns table (place integer, object text, finding text, remedy text, mend text)
language sql stable set search_path = pg_catalog, pg_temp
as $$
    with wanted as materialized (
        select w.* from history.wanted_triggers(target) w where to_regclass(w.relation) is not null
    ), found as materialized (
        select r.relation, t.tgname::text as name, pg_get_triggerdef(t.oid) as definition, t.tgenabled, f.pronamespace,
            t.tgfoid
        from history.wanted_relations(target) r
        join pg_trigger t on t.tgrelid = to_regclass(r.relation) and not t.tgisinternal
        join pg_proc f on f.oid = t.tgfoid
    )
    select 50, w.relation, format('trigger %s is %s', w.name, case when f.name is null then 'missing' else 'different from this version''s' end),
        null, regexp_replace(w.definition, '^CREATE TRIGGER', 'create or replace trigger')
    from wanted w left join found f on f.relation = w.relation and f.name = w.name
    where f.definition is distinct from w.definition
    union all
    select 51, f.relation, format('trigger %s is %s', f.name,
            case f.tgenabled when 'D' then 'disabled' when 'A' then 'enabled always' else 'enabled for replicas only' end), null,
        format('alter table %s enable trigger %I', f.relation, f.name)
    from found f join wanted w on w.relation = f.relation and w.name = f.name where f.tgenabled <> 'O'
    union all
    select 52, f.relation, format('trigger %s belongs to another phase', f.name), null,
        format('drop trigger %I on %s', f.name, f.relation)
    from found f
    where f.pronamespace = 'history'::regnamespace and f.name ~ '^history_'
        and not exists (select from wanted w where w.relation = f.relation and w.name = f.name)
    union all
    select 93, f.relation, format('trigger %s of somebody else calls %s%s', f.name, f.tgfoid::regproc,
            case when f.tgenabled = 'D' then '; it is disabled' else '' end),
        format('If it is not meant: drop trigger %I on %s;', f.name, f.relation), null
    from found f
    where not (f.pronamespace = 'history'::regnamespace and f.name ~ '^history_')
        and not exists (select from history.state s
            cross join lateral jsonb_array_elements_text(s.original -> 'carried') c where c.value = f.definition)
    union all
    select 93, f.relation, format('trigger %s calls %s, which reads the array that complete drops', f.name, f.tgfoid::regproc),
        'Before complete, let it do without messages, or all writes will fail.', null
    from found f join pg_proc p on p.oid = f.tgfoid
    where target = 'migrated' and f.relation = 'public.conversations' and f.pronamespace <> 'history'::regnamespace
        and f.tgenabled <> 'D' and p.prosrc ~ '\m(new|old|NEW|OLD)\."?messages\M'
$$;

-- Policies that are missing or wrong, and those of others, which are reported and never dropped.
create or replace function history.policy_differences(target text)
returns table (place integer, object text, finding text, remedy text, mend text)
language sql stable set search_path = pg_catalog, pg_temp
as $$
    with wanted as materialized (
        select w.* from history.wanted_policies(target) w where to_regclass(w.relation) is not null
    ), found as materialized (
        select format('%s.%s', p.schemaname, p.tablename) as relation, p.*, p::text as row,
            p.permissive = 'PERMISSIVE' and exists (
                select from unnest(p.roles) r left join pg_roles g on g.rolname = r
                where g.oid is null or exists (select from pg_roles c
                    where c.rolname in ('anon', 'authenticated') and pg_has_role(c.oid, g.oid, 'usage'))) as for_callers
        from pg_policies p
        where format('%s.%s', p.schemaname, p.tablename) in (select w.relation from history.wanted_relations(target) w)
    ), carried as materialized ( -- the team's, from before the switch
        select c.value from history.state s cross join lateral jsonb_array_elements_text(s.original -> 'carried') c
    )
    select 65, w.relation,
        format('policy %s is %s', w.name, case when f.policyname is null then 'missing' else 'different from this version''s' end), null,
        case when f.policyname is null then '' else format('drop policy %I on %s; ', w.name, w.relation) end
        || format('create policy %I on %s for %s to %I %s %s', w.name, w.relation, lower(w.command), w.grantee,
            'using (' || w.condition || ')', 'with check (' || w.checked || ')')
    from wanted w left join found f on f.relation = w.relation and f.policyname = w.name
    where (f.permissive, f.cmd, f.roles, f.qual, f.with_check) is distinct from
        ('PERMISSIVE', w.command, array[w.grantee]::name[], w.condition, w.checked)
    union all
    select case when f.for_callers then 92 else 98 end,
        f.relation, format('policy %s is not of this version: %s for %s to %s%s%s', f.policyname,
            lower(f.permissive), lower(f.cmd), array_to_string(f.roles, ', '),
            ' using (' || f.qual || ')', ' with check (' || f.with_check || ')'),
        format('If it is not meant: drop policy %I on %s;', f.policyname, f.relation), null
    from found f
    where not exists (select from wanted w where w.relation = f.relation and w.name = f.policyname)
        and (f.for_callers or f.row not in (select c.value from carried c))
    union all -- the first version made it of policies that meant less
    select 92, 'public.tenant_users', format('policy %s lets every member change memberships, and make itself an admin', p.policyname),
        format('If only admins may: alter policy %I on public.tenant_users%s%s;', p.policyname,
            ' using (' || replace(p.qual, 'my_tenants()', 'my_admin_tenants()') || ')',
            ' with check (' || replace(p.with_check, 'my_tenants()', 'my_admin_tenants()') || ')'), null
    from pg_policies p
    where p.schemaname = 'public' and p.tablename = 'tenant_users' and p.permissive = 'PERMISSIVE' and p.cmd <> 'SELECT'
        and '(tenant_id = ANY (ARRAY( SELECT history.my_tenants() AS my_tenants)))' in (p.qual, p.with_check)
$$;

-- What the platform's roles may do with our relations: nothing else, and never with a grant option; rights of others are only reported.
-- columns: those that a client of the data API may write, if the others are for the functions of a turn alone; null: all.
create or replace function history.grant_differences(target text)
returns table (place integer, object text, finding text, remedy text, mend text)
language sql stable set search_path = pg_catalog, pg_temp
as $$
    with wanted as materialized (
        select t.relation, r.name as grantee, p.name as privilege,
            case when t.relation = 'public.messages' and r.name = 'authenticated' and p.name in ('INSERT', 'UPDATE')
                then 'content, conversation_id, created_at, id, metadata, role, seq, tenant_id, user_id' end as columns
        from (values ('public.conversations'), ('public.messages'), ('public.chat_sessions'), ('history.quarantine'), ('history.usage')) t(relation)
        join (values ('authenticated'), ('service_role')) r(name) on r.name = 'service_role' or t.relation <> 'history.quarantine'
        join (values ('SELECT'), ('INSERT'), ('UPDATE'), ('DELETE')) p(name) on p.name = 'SELECT' or t.relation <> 'history.usage' and (p.name <> 'INSERT' or t.relation <> 'history.quarantine')
        where t.relation in (select w.relation from history.wanted_relations(target) w)
            and to_regclass(t.relation) is not null and exists (select from pg_roles o where o.rolname = r.name)
    ), found as materialized (
        select r.relation, g.*, g.grantee in ('public', 'anon', 'authenticated', 'service_role', 'history_functions') as platform
        from history.wanted_relations(target) r cross join lateral history.grants_of(to_regclass(r.relation)) g
    )
    select 70, w.relation, format('%s may not %s', w.grantee, lower(w.privilege)), null,
        format('grant %s on %s to %I', lower(w.privilege), w.relation, w.grantee)
    from wanted w
    where w.columns is null and not exists (select from found f
        where f.relation = w.relation and f.grantee = w.grantee and f.privilege = w.privilege and f.attname is null)
    union all
    select 70, w.relation, format('%s may %s other columns than: %s', w.grantee, lower(w.privilege), w.columns), null,
        format('revoke %1$s on %2$s from %3$I; grant %1$s (%4$s) on %2$s to %3$I', lower(w.privilege), w.relation, w.grantee, w.columns)
    from wanted w
    where w.columns is distinct from (
        select string_agg(case when not f.is_grantable then coalesce(quote_ident(f.attname), '*') end, ', ' order by f.attname)
        from found f where f.relation = w.relation and f.grantee = w.grantee and f.privilege = w.privilege)
        and w.columns is not null
    union all
    select 71, f.relation, format('%s may %s%s%s', case f.grantee when 'public' then 'everybody' else f.grantee end,
            lower(f.privilege), ' column ' || f.attname, case when f.is_grantable then ' and grant it to others' else '' end), null,
        format('revoke %s%s on %s from %s', lower(f.privilege), '(' || quote_ident(f.attname) || ')', f.relation, f.grantee)
    from found f
    where f.platform and not exists (select from wanted w
        where w.relation = f.relation and w.grantee = f.grantee and w.privilege = f.privilege
            and (w.columns is not null or not f.is_grantable and f.attname is null))
    union all
    select 94, f.relation, format('%s may %s%s', f.grantee, lower(f.privilege), ' column ' || f.attname),
        format('If it is not meant: revoke %s%s on %s from %s;', lower(f.privilege), '(' || quote_ident(f.attname) || ')',
            f.relation, f.grantee), null
    from found f where not f.platform
$$;

-- All differences between the catalogue and what a phase needs, in the order of their repair. mend: the statement that repairs it, which
-- every migrate runs, each part that ends a line in a transaction of its own; null if a person must decide, as remedy says. blocks: whether
-- it weakens or breaks anything; the others are the team's own objects. Locks nothing.
create or replace function history.differences(target text)
returns table (place integer, object text, finding text, remedy text, mend text, blocks boolean)
language sql stable set search_path = pg_catalog, pg_temp
as $$
    select d.place, d.object, d.finding, coalesce(d.remedy, 'Run migrate: it makes it so.'), d.mend,
        d.mend is not null or d.place in (10, 20, 40, 90, 92, 95, 97)
    from (
        select * from history.role_differences()
        union all select * from history.login_differences()
        union all select * from history.setting_differences()
        union all select * from history.relation_differences(target)
        union all select * from history.column_differences(target)
        union all select * from history.constraint_differences(target)
        union all select * from history.key_differences()
        union all select * from history.index_differences(target)
        union all select * from history.function_differences()
        union all select * from history.trigger_differences(target)
        union all select * from history.policy_differences(target)
        union all select * from history.grant_differences(target)
    ) d
    order by d.place, d.object, d.finding
$$;

-- Repairs the catalogue for a phase, in one transaction. Out: how many differences it repaired. Locks what it repairs. Called by
-- expand and complete, and by hand; migrate repairs one difference per transaction instead, and builds indexes concurrently.
create or replace function history.guard(target text) returns bigint
language plpgsql set search_path = history_maintenance, pg_temp
as $$
declare
    mends text[];
    mend text;
    mended bigint := 0;
begin
    for pass in 1..6 loop
        mends := array(select d.mend from history.differences(target) d where d.mend is not null order by d.place);
        exit when mends = '{}';
        foreach mend in array mends loop
            execute replace(mend, ' concurrently', '');
        end loop;
        mended := mended + cardinality(mends);
    end loop;
    return mended;
end $$;

-- The view with the old name, for the old application: the columns that the table had.
create or replace function history.make_view() returns void
language plpgsql set search_path = pg_catalog, pg_temp
as $$
declare
    columns text;
begin
    select string_agg(quote_ident(a.attname), ', ' order by a.attnum) into columns
    from pg_attribute a
    where a.attrelid = 'public.conversations'::regclass and a.attnum > 0 and not a.attisdropped
        and a.attname not in ('last_seq', 'message_count', 'request_hash', 'archived', 'labels', 'last_message_at', 'revision');
    execute format(
        'create view public.chat_sessions with (security_invoker = true) as select %s from public.conversations', columns);
end $$;

-- Records each function of the given names as it is now, and gives the rights to execute them: not to public, which gets it with a new
-- function, but to those of callable, in the same transaction, so that no call fails. are_all: drops the functions that an earlier version
-- has recorded under other names, once no trigger or policy uses them. Called after they have been defined.
create or replace function history.remember_definitions(names text[], are_all boolean default false) returns void
language plpgsql set search_path = pg_catalog, pg_temp
as $$
declare
    retired regprocedure;
    statement text;
begin
    for retired in
        select p.oid from pg_proc p
        where are_all and p.pronamespace = 'history'::regnamespace and p.proname::text <> all (names)
            and exists (select from history.definition d where d.name = p.oid::regprocedure::text)
            and not exists (select from pg_depend o where o.refclassid = 'pg_proc'::regclass and o.refobjid = p.oid)
    loop
        delete from history.definition d where d.name = retired::text;
        execute format('drop function %s', retired);
    end loop;
    for statement in select d.mend from history.function_differences() d where d.place in (42, 43) loop
        execute statement;
    end loop;
    delete from history.definition d
    where split_part(d.name, '(', 1) in (select 'history.' || n from unnest(names) n);
    insert into history.definition (name, digest)
    select p.oid::regprocedure::text, md5(pg_get_functiondef(p.oid))
    from pg_proc p where p.pronamespace = 'history'::regnamespace and p.proname = any (names);
end $$;

insert into history.edition (edition, place, name, definition) values ('arrays', 200, 'list_conversations', $definition$-- As in rows/, of chat_sessions: the caller's own only.
create or replace function history.list_conversations(
    everyone boolean, until timestamptz, until_id uuid, most integer,
    archived boolean default null, label text default null, bytes bigint default 4000000, known text[] default null)
returns setof history.conversation
language plpgsql stable set search_path = pg_catalog, pg_temp
as $$
declare
    tenant constant uuid := history.current_tenant();
    me constant uuid := history.user_id();
    c record;
begin
    if everyone or archived or label is not null then
        perform history.migration_pending('scope=tenant, archived=true or label');
    end if;
    for c in
        select s.* from public.chat_sessions s
        cross join lateral (select least(greatest(coalesce(s.updated_at, s.created_at), to_timestamp(0)),
            timestamptz '9999-12-31 23:59:59.999999+00') as place) p -- as it is shown, so that the next page begins there
        where s.tenant_id = tenant and s.user_id = me and (until is null or (p.place, s.id) < (until, until_id))
        order by p.place desc, s.id desc limit most
    loop
        return next history.shown_session(c.id, c.tenant_id, c.user_id, c.title, c.metadata, c.created_at, c.updated_at, c.messages);
    end loop;
end $$;
$definition$);

insert into history.edition (edition, place, name, definition) values ('arrays', 201, 'get_conversation', $definition$-- As in rows/, of chat_sessions: the caller's own only.
create or replace function history.get_conversation(
    id uuid, chat_id text, before bigint, most integer, bytes bigint, after bigint default null, failed boolean default true,
    replaced boolean default false, known bigint[] default null, known_running bigint[] default null)
returns table (conversation history.conversation, message history.message, available bigint)
language plpgsql stable set search_path = pg_catalog, pg_temp
as $$
declare
    tenant constant uuid := history.current_tenant();
    me constant uuid := history.user_id();
    chat constant uuid := history.derived_id('chat', chat_id);
    c public.chat_sessions;
    slim history.conversation; -- its metadata once is enough
begin
    select o.* into c from public.chat_sessions o
    where o.tenant_id = tenant and o.user_id = me and o.id in (get_conversation.id, chat)
    order by o.id = get_conversation.id desc limit 1;
    if c.id is null then
        return;
    end if;
    conversation := history.shown_session(c.id, c.tenant_id, c.user_id, c.title, c.metadata, c.created_at, c.updated_at, c.messages);
    slim := conversation;
    slim.metadata := null;
    if conversation.revision = any (known) then
        available := -1;
        return next;
        return;
    elsif replaced then
        perform history.migration_pending('include=replaced');
    end if;
    return query
    select case when p.place = 1 then get_conversation.conversation else slim end,
        row(p.id, c.id, p.seq, p.role, p.content, p.metadata, p.created_at, 'completed')::history.message, p.available
    from (
        select n.*, count(*) over () as available, row_number() over page as place,
            sum(octet_length(n.content) + octet_length(n.metadata::text)) over page as weight
        from (
            select e.seq, e.id, e.role, e.content, e.created_at,
                e.metadata || jsonb_build_object('ui_parts', history.parts_of(e.metadata)) as metadata
            from history.elements(c.messages, c.id, coalesce(c.created_at, c.updated_at, to_timestamp(0))) e
            where e.reason is null and e.seq < before and e.seq > coalesce(after, 0)
            order by case when after is null then -e.seq else e.seq end limit most) n
        window page as (order by case when after is null then -n.seq else n.seq end)
    ) p
    where p.place = 1 or p.weight <= bytes
    order by p.place;
    if not found then -- no message
        available := 0;
        return next;
    end if;
end $$;
$definition$);

insert into history.edition (edition, place, name, definition) values ('arrays', 202, 'create_conversation', $definition$-- As in rows/, in chat_sessions, which stores no hash: any request with the same key counts as the same request.
create or replace function history.create_conversation(
    id uuid, key text, title text, metadata jsonb, request_hash text,
    out conversation history.conversation, out replayed boolean, out same_request boolean)
language plpgsql set search_path = pg_catalog, pg_temp
as $$
declare
    tenant constant uuid := history.writing_tenant();
    me constant uuid := history.user_id();
    wanted constant uuid := coalesce(history.derived_id('conversation', key), create_conversation.id);
    c public.chat_sessions;
begin
    if key is not null and history.is_deleted(wanted) then
        return;
    end if;
    insert into public.chat_sessions as n (id, tenant_id, user_id, title, metadata, messages)
    values (wanted, tenant, me, coalesce(create_conversation.title, 'New Conversation'), coalesce(create_conversation.metadata, '{}'), '[]')
    on conflict do nothing;
    replayed := not found;
    same_request := true;
    select o.* into strict c from public.chat_sessions o where o.tenant_id = tenant and o.user_id = me and o.id = wanted;
    conversation := history.shown_session(c.id, c.tenant_id, c.user_id, c.title, c.metadata, c.created_at, c.updated_at, c.messages);
end $$;
$definition$);

insert into history.edition (edition, place, name, definition) values ('arrays', 203, 'get_message', $definition$-- As in rows/, of chat_sessions: the caller's own only. An element's own UUID names it too: it is what the chat has answered.
create or replace function history.get_message(id uuid, chat_id text, message_id text, skipped integer, characters integer,
    field text default 'content')
returns table (message history.message, total bigint, revision bigint)
language plpgsql stable set search_path = pg_catalog, pg_temp
as $$
declare
    tenant constant uuid := history.current_tenant();
    me constant uuid := history.user_id();
    chat constant uuid := history.derived_id('chat', chat_id);
    c public.chat_sessions;
    named uuid[];
begin
    select o.* into c from public.chat_sessions o
    where o.tenant_id = tenant and o.user_id = me and o.id in (get_message.id, chat)
    order by o.id = get_message.id desc limit 1;
    named := array[history.to_uuid(message_id), history.derived_id('message', c.id || ' ' || message_id)];
    return query
    select row(e.id, c.id, e.seq, e.role, substr(w.whole, skipped + 1, characters),
            e.metadata || jsonb_build_object('ui_parts', history.parts_of(e.metadata)), e.created_at, 'completed')::history.message,
        char_length(w.whole)::bigint, history.version_of(coalesce(c.updated_at, c.created_at, to_timestamp(0)))
    from history.elements(c.messages, c.id, coalesce(c.created_at, c.updated_at, to_timestamp(0))) e
    cross join lateral (select history.field_of(field, e.content, e.metadata, history.parts_of(e.metadata)) as whole) w
    where e.reason is null and (e.id = any (named) or history.to_uuid(e.metadata #>> '{legacy,id}') = any (named)) limit 1;
end $$;
$definition$);

insert into history.edition (edition, place, name, definition) values ('arrays', 204, 'delete_message', $definition$-- Raises PT503: rewriting an array could lose what others write to it. As in rows/.
create or replace function history.delete_message(id uuid, chat_id text, message_id text, versions bigint[], out outcome text)
language plpgsql set search_path = pg_catalog, pg_temp
as $$
begin
    perform history.writing_tenant(), history.migration_pending('deleting a message');
end $$;
$definition$);

insert into history.edition (edition, place, name, definition) values ('arrays', 205, 'patch_conversation', $definition$-- As in rows/, of chat_sessions: the title only.
create or replace function history.patch_conversation(
    id uuid, title text, clear boolean, patch jsonb, versions bigint[], most integer,
    archived boolean default null, labels jsonb default null, chat_id text default null,
    out outcome text, out conversation history.conversation)
language plpgsql set search_path = pg_catalog, pg_temp
as $$
declare
    tenant constant uuid := history.writing_tenant();
    me constant uuid := history.user_id();
    meant constant uuid := case when chat_id is null or exists ( -- whose ever it is: reading and changing mean the same one
        select from public.chat_sessions o where o.tenant_id = tenant and o.id = patch_conversation.id)
        then id else history.derived_id('chat', chat_id) end;
    c public.chat_sessions;
begin
    if coalesce(patch::text, archived::text, labels::text) is not null then
        perform history.migration_pending('a patch of anything but the title');
    end if;
    select o.* into c from public.chat_sessions o
    where o.tenant_id = tenant and o.user_id = me and o.id = meant for no key update;
    outcome := case
        when c.id is null then 'missing'
        when history.version_of(coalesce(c.updated_at, c.created_at, to_timestamp(0))) <> all (versions) then 'changed'
        else 'done' end;
    if outcome = 'done' and patch_conversation.title <> coalesce(c.title, '') then
        update public.chat_sessions o set title = patch_conversation.title
        where o.tenant_id = tenant and o.id = c.id
        returning o.* into strict c;
    end if;
    conversation := history.shown_session(c.id, c.tenant_id, c.user_id, c.title, c.metadata, c.created_at, c.updated_at, c.messages);
end $$;
$definition$);

insert into history.edition (edition, place, name, definition) values ('arrays', 206, 'delete_conversation', $definition$-- As in rows/, of chat_sessions.
create or replace function history.delete_conversation(id uuid, versions bigint[], chat_id text default null, out outcome text)
language plpgsql set search_path = pg_catalog, pg_temp
as $$
declare
    tenant constant uuid := history.writing_tenant();
    me constant uuid := history.user_id();
    meant constant uuid := case when chat_id is null or exists ( -- whose ever it is: reading and changing mean the same one
        select from public.chat_sessions o where o.tenant_id = tenant and o.id = delete_conversation.id)
        then id else history.derived_id('chat', chat_id) end;
    c public.chat_sessions;
begin
    select o.* into c from public.chat_sessions o
    where o.tenant_id = tenant and o.user_id = me and o.id = meant for update;
    outcome := case
        when c.id is null then 'missing'
        when history.version_of(coalesce(c.updated_at, c.created_at, to_timestamp(0))) <> all (versions) then 'changed'
        else 'done' end;
    if outcome = 'done' then
        perform history.keep_deletion(c.id, c.messages);
        delete from public.chat_sessions o where o.tenant_id = tenant and o.id = c.id;
        perform history.refuse_loss(found, 'chat_sessions');
    end if;
end $$;
$definition$);

insert into history.edition (edition, place, name, definition) values ('arrays', 207, 'lock_session', $definition$-- As rows/lock_conversation, of chat_sessions.
create or replace function history.lock_session(
    tenant uuid, me uuid, conversation uuid, chat_id text, key text, new_conversation uuid)
returns public.chat_sessions
language plpgsql set search_path = pg_catalog, pg_temp
as $$
declare
    c public.chat_sessions;
    wanted uuid;
begin
    if conversation is not null then
        select s.* into c from public.chat_sessions s
        where s.tenant_id = tenant and s.user_id = me and s.id = conversation for no key update;
        if found or chat_id is null or history.is_deleted(conversation) then
            return c;
        end if;
    end if;
    wanted := coalesce(history.derived_id('chat', chat_id), history.derived_id('chat-of-key', key), new_conversation);
    if new_conversation is not null and not exists (
        select from public.chat_sessions s where s.tenant_id = tenant and s.user_id = me and s.id = wanted)
        and not (chat_id is null and key is not null and history.is_deleted(wanted)) -- what a key has made is made once
    then
        insert into public.chat_sessions (id, tenant_id, user_id, title, messages, metadata)
        values (wanted, tenant, me, 'New Conversation', '[]', '{}')
        on conflict do nothing;
    end if;
    select s.* into c from public.chat_sessions s
    where s.tenant_id = tenant and s.user_id = me and s.id = wanted for no key update;
    return c;
end $$;
$definition$);

insert into history.edition (edition, place, name, definition) values ('arrays', 208, 'said', $definition$-- The messages in the array of a session, in order. An element that has a UUID keeps it. Called by claim_turn.
create or replace function history.said(c public.chat_sessions) returns history.message[]
language plpgsql stable set search_path = pg_catalog, pg_temp
as $$
begin
    return array(
        select row(coalesce(history.to_uuid(e.metadata #>> '{legacy,id}'), e.id), c.id, e.seq, e.role, e.content,
            history.with_parts(e.metadata - 'legacy', history.parts_of(e.metadata)), e.created_at, 'completed')::history.message
        from history.elements(history.list_of(c.messages), c.id, coalesce(c.created_at, c.updated_at, to_timestamp(0))) e
        where e.reason is null order by e.seq);
end $$;
$definition$);

insert into history.edition (edition, place, name, definition) values ('arrays', 209, 'seen_in_array', $definition$-- As rows/seen_by_model, of the messages in an array.
create or replace function history.seen_in_array(said history.message[], place bigint, most integer, characters integer) returns jsonb
language sql immutable
begin atomic
    select jsonb_agg(jsonb_build_array(measured.role, measured.content, measured.parts) order by measured.seq)
    from (
        select newest.*, sum(char_length(newest.content)) over (order by newest.seq desc) as total
        from (
            select s.seq, s.role, s.content, history.parts_of(s.metadata) as parts from unnest(said) s
            where s.seq < place and s.role in ('user', 'assistant') and (s.content <> '' or s.metadata ? 'ui_parts')
            order by s.seq desc limit most) newest) measured
    where measured.total <= characters;
end;
$definition$);

insert into history.edition (edition, place, name, definition) values ('arrays', 210, 'mark_attempt', $definition$-- Writes a question with the attempt at its answer into the array: a new element at the end, after those that never arrived, or a
-- mark on the existing one. q: null columns for a new one. Called by claim_turn, which has the lock.
create or replace function history.mark_attempt(
    c public.chat_sessions, q history.message, said jsonb, new_message uuid, missing jsonb, attempt uuid, until timestamptz,
    key text, key_hash text)
returns public.chat_sessions
language plpgsql set search_path = pg_catalog, pg_temp
as $$
declare
    list jsonb := history.list_of(c.messages);
    mark constant jsonb := jsonb_strip_nulls(jsonb_build_object('attempt', jsonb_build_object('id', attempt, 'until', until),
        'requests', case when key is not null then jsonb_build_object(key, key_hash) end));
    each jsonb;
    place text := q.seq - 1; -- from 0
begin
    if q.id is null then
        for each in select e.value from jsonb_array_elements(missing || said) with ordinality e(value, i) order by e.i loop
            list := list || jsonb_build_object('content', each -> 'content', 'role', 'user', 'sessionId', c.id, 'userId', c.user_id,
                'id', coalesce(history.derived_id('message', c.id || ' ' || (each ->> 'id')),
                    history.derived_id('message-of-key', key), new_message),
                'timestamp', to_char(clock_timestamp() at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
                'metadata', history.with_parts(history.sent_metadata(
                    jsonb_strip_nulls(jsonb_build_object('client_id', each -> 'id')), each -> 'metadata'), history.sent_parts(each)));
        end loop;
        place := jsonb_array_length(list) - 1;
    elsif said -> 'metadata' <> 'null' then
        list := jsonb_set(list, array[place, 'metadata'], history.sent_metadata(list #> array[place, 'metadata'], said -> 'metadata'));
    end if;
    list := jsonb_set(list, array[place, 'metadata'], coalesce(nullif(list #> array[place, 'metadata'], 'null'), '{}') || mark);
    c.messages := history.wrapped(c.messages, list);
    if (c.title ~ '\S' and c.title <> 'New Conversation') is not true then
        c.title := coalesce((
            select history.first_words(s.content) from unnest(history.said(c)) s
            where s.role = 'user' and s.content ~ '\S' order by s.seq limit 1), c.title);
    end if;
    update public.chat_sessions s set messages = c.messages, title = c.title
    where s.tenant_id = c.tenant_id and s.id = c.id
    returning s.* into c;
    return c;
end $$;
$definition$);

insert into history.edition (edition, place, name, definition) values ('arrays', 211, 'failed_in_array', $definition$-- The list with the failure of an attempt in its question, in place of the mark, and without the place that was kept for the answer; the
-- keys of its requests are the question's then. asked, answered: places from 0, the second null for none. Called by finish_turn.
create or replace function history.failed_in_array(list jsonb, asked text, answered text, failure jsonb) returns jsonb
language plpgsql immutable set search_path = pg_catalog, pg_temp
as $$
declare
    requests constant jsonb := list #> array[answered, 'metadata', 'requests'];
begin
    list := case when answered is null then list else list #- array[answered] end #- array[asked, 'metadata', 'attempt'];
    return jsonb_set(list, array[asked, 'metadata'], coalesce(nullif(list #> array[asked, 'metadata'], 'null'), '{}')
        || jsonb_build_object('failure', failure) || case when requests is null then '{}' else jsonb_build_object(
            'requests', coalesce(list #> array[asked, 'metadata', 'requests'], '{}') || requests) end);
end $$;
$definition$);

insert into history.edition (edition, place, name, definition) values ('arrays', 212, 'kept_aside', $definition$-- The replaced messages of the caller's conversation that a rollback has set aside, under each id that a client may know, so that it hears
-- what became of them: as in said, at places before the first. since: its created_at. Runs as the owner. Called by claim_turn.
create or replace function history.kept_aside(conversation uuid, since timestamptz) returns history.message[]
language plpgsql stable security definer set search_path = history_maintenance, pg_temp
as $$
declare
    tenant constant uuid := history.current_tenant();
    me constant uuid := history.user_id();
begin
    return array(
        select jsonb_populate_record(null::history.message, k.message || jsonb_build_object('id', n.id, 'seq', -k.place))
        from (
            select r.message, row_number() over (order by (r.message ->> 'created_at')::timestamptz desc) as place
            from history.replaced r
            where r.conversation_id = conversation and r.message_id <> conversation
                and r.message ->> 'tenant_id' = tenant::text and r.message ->> 'user_id' = me::text
                and (since > (r.message ->> 'conversation_since')::timestamptz + interval '1 second') is not true) k
        cross join lateral (
            select k.message ->> 'id' union select history.to_uuid(k.message #>> '{metadata,legacy,id}')::text) n(id)
        where n.id is not null);
end $$;
$definition$);

insert into history.edition (edition, place, name, definition) values ('arrays', 213, 'named_in_array', $definition$-- As rows/known_message, of the messages in an array.
create or replace function history.named_in_array(said history.message[], conversation uuid, name text) returns history.message
language plpgsql stable set search_path = pg_catalog, pg_temp
as $$
declare
    own constant uuid := history.to_uuid(name);
    derived constant uuid := history.derived_id('message', conversation || ' ' || name);
    m history.message;
begin
    if name is not null then
        select s.* into m from unnest(said) s
        where s.id in (own, derived) or own = history.element_id(conversation, s.seq) order by s.seq desc limit 1;
    end if;
    return m;
end $$;
$definition$);

insert into history.edition (edition, place, name, definition) values ('arrays', 214, 'standing_in_array', $definition$-- As rows/standing, of the messages in an array.
create or replace function history.standing_in_array(
    said history.message[], conversation uuid, earlier jsonb, out place bigint, out missing jsonb)
language plpgsql stable set search_path = pg_catalog, pg_temp
as $$
declare
    entry jsonb;
    m history.message;
    is_answered boolean := false;
begin
    missing := '[]';
    for entry in select e.value from jsonb_array_elements(earlier) with ordinality e(value, i) order by e.i desc loop
        m := history.named_in_array(said, conversation, entry ->> 'id');
        if m.id is null and entry ->> 'role' = 'user' and entry ? 'content' and not missing @> jsonb_build_array(entry)
            and not (is_answered and history.is_deleted(conversation)) and not history.was_deleted(conversation, entry ->> 'id')
        then
            missing := jsonb_build_array(case when missing @> jsonb_build_array(jsonb_build_object('id', entry -> 'id'))
                then entry || jsonb_build_object('id', gen_random_uuid()) else entry end) || missing;
        end if;
        is_answered := is_answered or entry ->> 'role' is distinct from 'user';
        continue when m.id is null;
        place := 9223372036854775807;
        if m.role = 'assistant' and m.seq < 0 then
            m := history.named_in_array(said, conversation, m.metadata ->> 'reply_to');
        end if;
        continue when (m.seq > 0) is not true;
        place := m.seq;
        exit;
    end loop;
end $$;
$definition$);

insert into history.edition (edition, place, name, definition) values ('arrays', 215, 'question_in_array', $definition$-- As rows/question_asked and rows/answer_meant, of the messages in an array, and of those that a rollback has set aside, whose seq is below 0.
-- own: the id of the question's element; keyed: the one with the request's key, which is the answer's if the tables had the turn before they
-- were rolled back. Refuses what would change an element.
create or replace function history.question_in_array(
    c public.chat_sessions, written history.message[], own uuid, target text, inout said jsonb, earlier jsonb, anew boolean, key text,
    out q history.message, out keyed history.message, out decision text, out missing jsonb)
language plpgsql stable set search_path = pg_catalog, pg_temp
as $$
declare
    last history.message;
    stand record;
begin
    select s.* into keyed from unnest(written) s where s.metadata -> 'requests' ? key order by s.seq desc limit 1;
    if keyed.seq < 0 then
        q := history.named_in_array(written, c.id, coalesce(keyed.metadata ->> 'reply_to', keyed.id::text));
        q := history.named_in_array(written, c.id, coalesce(q.metadata ->> 'edit_of', q.id::text));
        decision := case when (q.seq > 0) is not true then 'deleted' end;
    else
        select s.* into q from unnest(written) s where s.role = 'user' and s.seq between 1 and keyed.seq order by s.seq desc limit 1;
    end if;
    if decision is not null or q.id is not null and not anew then
        said := null;
        return;
    end if;
    select s.* into last from unnest(written) s where s.role = 'user' and s.seq > 0 order by s.seq desc limit 1;
    select s.* into q from unnest(written) s where s.id = own and s.role = 'user' order by s.seq desc limit 1;
    if q.id is null then
        q := history.named_in_array(written, c.id, coalesce(target, said ->> 'id'));
    end if;
    if anew then
        decision := 'refused';
    elsif q.role <> 'user' or q.seq < 0 then
        decision := case q.role when 'user' then 'replaced' else 'not a question' end;
    elsif q.id is null and history.was_deleted(c.id, coalesce(target, said ->> 'id')) then
        decision := 'deleted';
    elsif q.id is null and target <> coalesce(said ->> 'id', '') then
        decision := 'unknown';
    elsif q.id is null and coalesce(said ->> 'id', key) is null and last.content = said ->> 'content' and last.metadata ? 'failure'
        and not last.seq < any (select s.seq from unnest(written) s)
        and last.created_at > clock_timestamp() - interval '10 minutes'
    then
        q := last;
    elsif q.id is null then
        stand := history.standing_in_array(written, c.id, earlier || jsonb_build_array(said || '{"role": "user"}'));
        missing := stand.missing - -1; -- without the new one
        decision := case
            when stand.place is null and earlier <> '[]' and last.id is not null then 'elsewhere'
            when last.seq > stand.place then 'refused' end;
    elsif q.content <> said ->> 'content' or history.parts_of(q.metadata) is distinct from history.sent_parts(said)
        or said -> 'metadata' <> 'null' and history.sent_metadata(q.metadata, said -> 'metadata') is distinct from q.metadata
            and q.seq < any (select s.seq from unnest(written) s)
    then
        decision := 'refused';
    elsif not q.metadata ?| array['attempt', 'failure', 'requests'] then -- it has never been answered on its own
        select s.* into last from unnest(written) s
        where s.role = 'user' and s.seq >= q.seq and not exists (
            select from unnest(written) n where n.role = 'assistant' and n.seq > q.seq and n.seq < s.seq)
        order by s.seq desc limit 1;
        said := case when last.id = q.id then said end;
        q := last;
    end if;
end $$;
$definition$);

insert into history.edition (edition, place, name, definition) values ('arrays', 216, 'claim_turn', $definition$-- As in rows/, in chat_sessions: a message can be sent, answered and sent again. The question's element carries the attempt; the
-- answer is put after it when it is complete. Whatever would change an element raises PT503.
create or replace function history.claim_turn(
    conversation uuid, chat_id text, new_conversation uuid, message_id text, new_message uuid, content text, metadata jsonb,
    anew boolean, attempt uuid, lease interval, key text, key_hash text, most integer, characters integer,
    ui_parts text default null, target text default null, earlier jsonb default '[]', limits jsonb default '{}',
    out decision text, out conversation_id uuid, out title text,
    out question history.message, out answer history.message, out seen jsonb, out quota jsonb)
language plpgsql set search_path = pg_catalog, pg_temp
as $$
declare
    tenant constant uuid := history.writing_tenant();
    said constant jsonb := case when content is not null
        then jsonb_build_object('id', message_id, 'content', content, 'metadata', metadata, 'parts', ui_parts) end;
    is_gone constant boolean := key is not null and history.is_deleted(history.derived_id('request', key)); -- what the key has made
    c public.chat_sessions := history.lock_session(tenant, history.user_id(), conversation, chat_id, key,
        case when (anew or target is null or target = message_id) and not is_gone then new_conversation end);
    written history.message[] := history.said(c);
    asked record;
    q history.message;
    a history.message;
begin
    if c.id is null or is_gone then
        decision := case when c.id is null and conversation is not null and chat_id is null then 'missing'
            when is_gone or history.is_deleted(conversation) or chat_id is null and key is not null then 'deleted' else 'missing' end;
        return;
    end if;
    if said is null and not anew then perform history.migration_pending('going on with an answer'); end if;
    asked := history.question_in_array(c, written || history.kept_aside(c.id, c.created_at),
        coalesce(history.derived_id('message', c.id || ' ' || (said ->> 'id')), history.derived_id('message-of-key', key), new_message),
        target, said, earlier, anew, key);
    q := asked.q;
    select n.* into a from (
        select s.* from unnest(written) s where s.seq > q.seq and s.role in ('user', 'assistant') order by s.seq limit 1) n
    where n.role = 'assistant';
    decision := case
        when not string_to_array((asked.keyed).metadata #>> array['requests', key], ' ') && string_to_array(key_hash, ' ')
            and asked.decision is distinct from 'deleted' then 'other request'
        when asked.decision is not null then asked.decision
        when history.element_time(a.metadata #> '{attempt,until}') > clock_timestamp() then 'busy' -- since before a rollback
        when a.id is not null then 'answered'
        when q.metadata #>> '{attempt,id}' = attempt::text then 'granted'
        when history.element_time(q.metadata #> '{attempt,until}') > clock_timestamp() then 'busy'
        when q.seq < any (select s.seq from unnest(written) s) then 'refused'
        else 'granted' end;

    if decision = 'refused' then
        perform history.migration_pending('changing what has been said');
    elsif decision = 'granted' then
        quota := case when q.metadata #>> '{attempt,id}' is distinct from attempt::text then history.grant_turn(limits) end;
        c := history.mark_attempt(c, q, asked.said, new_message, asked.missing, attempt, clock_timestamp() + lease, key, key_hash);
        written := history.said(c);
        select s.* into q from unnest(written) s where s.metadata #>> '{attempt,id}' = attempt::text;
        seen := history.seen_in_array(written, q.seq, most, characters);
        a := row(attempt, c.id, q.seq + 1, 'assistant', '', '{}', clock_timestamp(), 'running');
    end if;
    q.metadata := q.metadata - 'attempt';
    conversation_id := c.id;
    title := case when c.title ~ '\S' then c.title else 'New Conversation' end;
    question := q;
    answer := a;
end $$;
$definition$);

insert into history.edition (edition, place, name, definition) values ('arrays', 217, 'flush_turn', $definition$-- Stores nothing, because an array would have to be written whole each time: the answer is there when it is complete.
create or replace function history.flush_turn(conversation uuid, answer uuid, content text) returns boolean
language plpgsql set search_path = pg_catalog, pg_temp
as $$
begin
    return true;
end $$;
$definition$);

insert into history.edition (edition, place, name, definition) values ('arrays', 218, 'finish_turn', $definition$-- As in rows/, in chat_sessions: an answer that is complete, or was stopped with some text, is put after its question, or in its own
-- place if the tables had one for it before they were rolled back. A failure is recorded in the question, which can be sent again.
-- What is replaced is not stored.
create or replace function history.finish_turn(
    conversation uuid, question uuid, answer uuid, status text, content text, metadata jsonb,
    out outcome text, out title text, out message history.message)
language plpgsql set search_path = pg_catalog, pg_temp
as $$
declare
    tenant constant uuid := history.current_tenant();
    me constant uuid := history.user_id();
    kept jsonb := metadata || jsonb_build_object('status', status, 'reply_to', question);
    is_answer constant boolean := status = 'completed' or status = 'stopped' and content <> '';
    c public.chat_sessions;
    list jsonb;
    asked text; -- the places, from 0
    answered text;
    was jsonb; -- the answer's element
    is_over boolean; -- the attempt of a place that was kept for it
    element jsonb;
begin
    select s.* into c from public.chat_sessions s
    where s.tenant_id = tenant and s.user_id = me and s.id = conversation for no key update;
    list := history.list_of(c.messages);
    select min(e.i) filter (where e.value ->> 'id' = question::text) - 1, min(e.i) filter (where answer::text in (e.value ->> 'id',
        case when e.value ->> 'role' = 'assistant' then e.value #>> '{metadata,attempt,id}' end)) - 1
    into asked, answered
    from jsonb_array_elements(list) with ordinality e(value, i);
    asked := coalesce(asked, ((history.named_in_array(history.said(c), c.id, question::text)).seq - 1)::text); -- without an id of its own
    outcome := case
        when answered is not null then 'stored'
        when asked is null or history.is_deleted(c.id) and list #>> array[asked, 'metadata', 'attempt', 'id'] is distinct from answer::text
            then 'missing' -- it was for one that had this id before
        when list #>> array[asked, 'metadata', 'attempt', 'id'] <> answer::text then 'replaced' -- and nothing is stored: no place
        else 'stored' end;
    was := list #> array[answered];
    is_over := not is_answer and asked is not null and coalesce(was #>> '{metadata,status}' = 'running'
        and answer::text = all (array[was ->> 'id', was #>> '{metadata,attempt,id}']), false); -- else it went on
    if answered is not null then
        kept := coalesce(history.object_in(was -> 'metadata'), '{}') - 'attempt' || kept || case when was ->> 'id' = answer::text then '{}'
            else jsonb_build_object('attempt', (was #> '{metadata,attempt}') - case status -- it went on, and its end may come again
                when 'completed' then '{until,before}'::text[] else '{until}' end) end
            || case when history.parts_of(was -> 'metadata') is null or was #>> '{metadata,status}' = 'completed' then '{}'
                else jsonb_build_object('ui_parts', history.with_step(history.parts_of(was -> 'metadata'), content, was -> 'metadata')) end;
    end if;
    element := jsonb_build_object('id', coalesce(was ->> 'id', answer::text), 'content', content, 'role', 'assistant',
        'timestamp', to_char(clock_timestamp() at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
        'sessionId', conversation, 'userId', me, 'metadata', kept);
    if outcome = 'stored' then
        list := case
            when answered is not null and not is_over then jsonb_set(list, array[answered], element)
            when is_answer then jsonb_insert(list, array[asked], element, true) #- array[asked, 'metadata', 'attempt']
            else history.failed_in_array(list, asked, answered, kept || jsonb_build_object('content', content, 'attempt', answer)) end;
        list := history.wrapped(c.messages, list);
        update public.chat_sessions s set messages = list where s.tenant_id = tenant and s.id = c.id;
    end if;
    perform history.count_tokens(metadata) where was #> '{metadata,usage}' is distinct from metadata -> 'usage'; -- else it is no end again
    title := case when c.title ~ '\S' then c.title else 'New Conversation' end;
    message := row(history.to_uuid(element ->> 'id'), c.id, coalesce(answered::bigint + 1, asked::bigint + 2), 'assistant', content, kept,
        clock_timestamp(), status);
end $$;
$definition$);

insert into history.edition (edition, place, name, definition) values ('arrays', 219, 'running_turn', $definition$-- As in rows/; an array contains nothing of an answer before its end.
create or replace function history.running_turn(
    conversation uuid, chat_id text, attempt uuid,
    out conversation_id uuid, out title text, out question history.message, out answer history.message)
language plpgsql stable set search_path = pg_catalog, pg_temp
as $$
begin
    perform history.migration_pending('resuming an answer');
end $$;
$definition$);

insert into history.edition (edition, place, name, definition) values ('arrays', 220, 'stop_turn', $definition$-- As in rows/; an array contains nothing of an answer before its end.
create or replace function history.stop_turn(conversation uuid, chat_id text) returns history.message
language plpgsql set search_path = pg_catalog, pg_temp
as $$
begin
    perform history.writing_tenant(), history.migration_pending('stopping an answer');
end $$;
$definition$);

insert into history.edition (edition, place, name, definition) values ('arrays', 221, 'abandon_turn', $definition$-- As in rows/; an element has no status, so the attempt's lease is left to expire.
create or replace function history.abandon_turn(conversation uuid, answer uuid) returns void
language plpgsql set search_path = pg_catalog, pg_temp
as $$
begin
end $$;
$definition$);

insert into history.edition (edition, place, name, definition) values ('rows', 222, 'shown_conversation', $definition$-- A row as the API shows it, even if it is not converted yet. Metadata that would not fit into a page is omitted.
create or replace function history.shown_conversation(c public.conversations) returns history.conversation
language plpgsql stable set search_path = pg_catalog, pg_temp
as $$
begin
    return row(c.id, c.tenant_id, c.user_id, case when c.title ~ '\S' then c.title else 'New Conversation' end,
        case when octet_length(c.metadata::text) > 1000000 then '{"omitted": true}' else coalesce(c.metadata, '{}') end,
        coalesce(c.created_at, c.updated_at, to_timestamp(0)), coalesce(c.updated_at, c.created_at, to_timestamp(0)),
        coalesce(c.message_count, history.pending_count(c.tenant_id, c.id)), c.archived, c.labels,
        case when c.last_seq is null then c.updated_at else c.last_message_at end,
        coalesce(c.revision, history.version_of(coalesce(c.updated_at, c.created_at, to_timestamp(0)))))::history.conversation;
end $$;
$definition$);

insert into history.edition (edition, place, name, definition) values ('rows', 223, 'labelled_ids', $definition$-- The ids of a page of the conversations with a label. In: as in page_ids. Runs as the owner, because only the owner may read the labels;
-- list_conversations, which calls it, then reads the conversations under the policies. Planned each time, for the index of one user or of
-- all.
create or replace function history.labelled_ids(
    everyone boolean, label text, states boolean[], last_time timestamptz, last_id uuid, most integer) returns uuid[]
language plpgsql stable security definer set search_path = history_maintenance, pg_temp set plan_cache_mode = force_custom_plan
as $$
declare
    tenant constant uuid := history.current_tenant();
    me constant uuid := history.user_id();
begin
    if everyone and tenant <> all (array(select history.my_admin_tenants())) then
        return '{}';
    end if;
    return array(
        select l.conversation_id from unnest(states) s cross join lateral (
            select o.conversation_id, o.place from history.labelled o
            where o.tenant_id = tenant and (everyone or o.user_id = me) and o.label = labelled_ids.label and o.archived = s
                and (o.place, o.conversation_id) < (last_time, last_id)
            order by o.place desc, o.conversation_id desc limit most) l
        order by l.place desc, l.conversation_id desc limit most);
end $$;
$definition$);

insert into history.edition (edition, place, name, definition) values ('rows', 224, 'page_of_list', $definition$-- The rows of a page of a list, in its order, from one scan of an index; with a label, those that labelled_ids names. In: as in
-- list_conversations, which calls it. Conversations that are not converted yet are ordered by their last change; until all are converted
-- no index serves a list.
create or replace function history.page_of_list(
    tenant uuid, everyone boolean, label text, states boolean[], last_time timestamptz, last_id uuid, most integer)
returns setof public.conversations
language plpgsql stable set search_path = pg_catalog, pg_temp
as $$
declare
    me constant uuid := history.user_id();
begin
    if label is not null then
        return query
        select c.* from unnest(history.labelled_ids(everyone, label, states, last_time, last_id, most)) with ordinality i(id, place)
        join public.conversations c on c.id = i.id where c.tenant_id = tenant order by i.place;
    elsif not exists (
        select from pg_attribute a
        where a.attrelid = 'public.conversations'::regclass and a.attname = 'last_seq' and a.attnotnull)
    then
        return query
        select o.* from public.conversations o cross join lateral (select coalesce(
            case when o.last_seq is null then o.updated_at else o.last_message_at end, o.created_at, '-infinity') as place) p
        where o.tenant_id = tenant and (everyone or o.user_id = me) and o.archived = any (states) and (p.place, o.id) < (last_time, last_id)
        order by p.place desc, o.id desc limit most;
    -- The expression of the index, written out: a function of it, and coalesce, could not be compared with under policies.
    elsif everyone then
        return query
        select l.* from unnest(states) s cross join lateral (
            select o.* from public.conversations o cross join lateral (select
                case when o.last_message_at is not null then o.last_message_at
                    when o.created_at is not null then o.created_at else '-infinity' end) p(place)
            where o.tenant_id = tenant and o.archived = s and (p.place, o.id) < (last_time, last_id)
            order by p.place desc, o.id desc limit most) l
        order by coalesce(l.last_message_at, l.created_at, '-infinity') desc, l.id desc limit most;
    else
        return query
        select l.* from unnest(states) s cross join lateral (
            select o.* from public.conversations o cross join lateral (select
                case when o.last_message_at is not null then o.last_message_at
                    when o.created_at is not null then o.created_at else '-infinity' end) p(place)
            where o.tenant_id = tenant and o.user_id = me and o.archived = s and (p.place, o.id) < (last_time, last_id)
            order by p.place desc, o.id desc limit most) l
        order by coalesce(l.last_message_at, l.created_at, '-infinity') desc, l.id desc limit most;
    end if;
end $$;
$definition$);

insert into history.edition (edition, place, name, definition) values ('rows', 225, 'list_conversations', $definition$-- The caller's conversations, or the whole tenant's for its admins, ordered by their last message, or by their creation if there is
-- none. archived: only archived ones, or only others; null: both. label: only those with it, or null. until, until_id: the last row of
-- the page before, or null. most: how many; the page ends after the row with which titles and metadata exceed bytes. Metadata larger
-- than any client may write is omitted. known: digests of ids and revisions that the caller has; if one still matches, a single row
-- comes out, with that digest as its title. Locks nothing.
create or replace function history.list_conversations(
    everyone boolean, until timestamptz, until_id uuid, most integer,
    archived boolean default null, label text default null, bytes bigint default 4000000, known text[] default null)
returns setof history.conversation
language plpgsql stable set search_path = pg_catalog, pg_temp
as $$
declare
    tenant constant uuid := history.current_tenant();
    states constant boolean[] := case when archived is null then '{false,true}' else array[archived] end;
    -- In place of null, so that a kept plan reads the index from there.
    last_time timestamptz := coalesce(until, 'infinity');
    last_id constant uuid := coalesce(until_id, 'ffffffff-ffff-ffff-ffff-ffffffffffff');
    same history.conversation;
begin
    if everyone and tenant <> all (array(select history.my_admin_tenants())) then
        raise exception using errcode = 'PT403', message = 'scope=tenant is for admins of the tenant.';
    end if;
    if until <= '1970-01-01 00:00:00+00' or until >= '9999-12-31 23:59:59.999999+00' then
        last_time := coalesce((
            select coalesce(case when c.last_seq is null then c.updated_at else c.last_message_at end, c.created_at, '-infinity')
            from public.conversations c where c.tenant_id = tenant and c.id = until_id), until); -- a time that is not shown as it is
    end if;
    if cardinality(known) > 0 then
        select md5(string_agg(
            c.id || ' ' || coalesce(c.revision, history.version_of(coalesce(c.updated_at, c.created_at, to_timestamp(0)))), ',')) into same.title
        from history.page_of_list(tenant, everyone, label, states, last_time, last_id, most) c;
        if same.title = any (known) then
            return next same;
            return;
        end if;
    end if;
    return query
    select p.id, p.tenant_id, p.user_id, p.title, p.metadata, p.created_at, p.updated_at, p.message_count, p.archived, p.labels,
        p.last_message_at, p.revision
    from (
        select c.id, c.tenant_id, c.user_id, s.title,
            case when octet_length(s.text) > 65536 then '{"omitted": true}' else coalesce(c.metadata, '{}') end as metadata,
            coalesce(c.created_at, c.updated_at, to_timestamp(0)) as created_at, s.updated_at,
            coalesce(c.message_count, history.pending_count(c.tenant_id, c.id))::bigint as message_count, c.archived, c.labels,
            case when c.last_seq is null then c.updated_at else c.last_message_at end as last_message_at,
            coalesce(c.revision, history.version_of(s.updated_at)) as revision, c.ordinality,
            sum(octet_length(s.title) + case when octet_length(s.text) > 65536 then 17 else octet_length(s.text) end) over (
                order by c.ordinality rows between unbounded preceding and 1 preceding) as before
        from history.page_of_list(tenant, everyone, label, states, last_time, last_id, most) with ordinality c
        cross join lateral (
            -- The first character decides without the pattern, nearly always. offset: so that the text is made once.
            select case when ascii(c.title) between 33 and 126 or c.title ~ '\S' then c.title::text else 'New Conversation' end as title,
                coalesce(c.metadata, '{}')::text as text, coalesce(c.updated_at, c.created_at, to_timestamp(0)) as updated_at offset 0) s
    ) p
    where (p.before > bytes) is not true
    order by p.ordinality;
end $$;
$definition$);

insert into history.edition (edition, place, name, definition) values ('rows', 226, 'conversation_meant', $definition$-- The conversation that a request names, as the caller sees it, whose ever it is: with the id, or else with the id derived from chat_id, the
-- client's own. Out: null columns if there is none. Called where conversations are read, changed and deleted, so that all mean the same.
create or replace function history.conversation_meant(tenant uuid, id uuid, chat_id text) returns public.conversations
language plpgsql stable set search_path = pg_catalog, pg_temp
as $$
declare
    c public.conversations;
begin
    if id is not null then -- or a plan for null would be cheaper than the one to keep
        select o.* into c from public.conversations o where o.tenant_id = tenant and o.id = conversation_meant.id;
    end if;
    if not found and chat_id is not null then
        select o.* into c from public.conversations o where o.tenant_id = tenant and o.id = history.derived_id('chat', chat_id);
    end if;
    return c;
end $$;
$definition$);

insert into history.edition (edition, place, name, definition) values ('rows', 227, 'came_to_nothing', $definition$-- Whether a message is an answer that has ended without any text or part. Called where messages are read.
create or replace function history.came_to_nothing(
    role text, content text, parts jsonb, status text, lease_until timestamptz, moment timestamptz) returns boolean
language sql immutable parallel safe
return role = 'assistant' and content = '' and parts is null
    and (status in ('failed', 'incomplete', 'stopped') or status = 'running' and (lease_until > moment) is not true);
$definition$);

insert into history.edition (edition, place, name, definition) values ('rows', 228, 'pending_messages', $definition$-- The messages of a conversation that the backfill has not come to, or not to its end. Called where messages are read. When there are no
-- arrays any more no conversation is like that, so the query, which names the array, never runs.
create or replace function history.pending_messages(tenant uuid, conversation uuid) returns setof public.messages
language plpgsql stable set search_path = pg_catalog, pg_temp
as $$
begin
    if exists (select from public.conversations c where c.tenant_id = tenant and c.id = conversation and c.last_seq is null) then
        return query
        select e.id, c.tenant_id, c.id, c.user_id, e.seq, e.role::varchar(20), e.content, e.metadata, e.created_at, 'completed', true,
            null::uuid, null::timestamptz, null, null, null, null, null::integer, null::integer, history.parts_of(e.metadata)
        from public.conversations c
        cross join lateral history.elements(c.messages, c.id, coalesce(c.created_at, c.updated_at, to_timestamp(0))) e
        where c.tenant_id = tenant and c.id = conversation and e.reason is null
            and e.seq > coalesce((
                select max(m.seq) from public.messages m where m.tenant_id = tenant and m.conversation_id = conversation), 0);
    end if;
end $$;
$definition$);

insert into history.edition (edition, place, name, definition) values ('rows', 229, 'pending_count', $definition$-- How many messages a conversation will have that the backfill has not come to. Called where conversations are read.
create or replace function history.pending_count(tenant uuid, conversation uuid) returns integer
language plpgsql stable set search_path = pg_catalog, pg_temp
as $$
begin
    return case when exists (select from public.conversations c where c.tenant_id = tenant and c.id = conversation and c.last_seq is null)
        then (select count(*) from history.pending_messages(tenant, conversation))
            + (select count(*) from public.messages m where m.tenant_id = tenant and m.conversation_id = conversation) else 0 end;
end $$;
$definition$);

insert into history.edition (edition, place, name, definition) values ('rows', 230, 'replaced_by', $definition$-- What took the place of a message that is not shown: for an answer the one to the same question, else the next message that is shown;
-- for a question the one that the next answer belongs to, or that is last and has no answer. Null if there is none. Called by all_messages.
create or replace function history.replaced_by(m public.messages) returns uuid
language plpgsql stable set search_path = history_maintenance, pg_temp
as $$
declare
    q public.messages;
    n public.messages;
begin
    if m.role = 'assistant' then
        select x.* into q from public.messages x
        where x.tenant_id = m.tenant_id and x.conversation_id = m.conversation_id and x.id = m.reply_to and x.current;
    end if;
    select x.* into n from public.messages x
    where x.tenant_id = m.tenant_id and x.conversation_id = m.conversation_id and x.current and x.seq > coalesce(q.seq, m.seq)
    order by x.seq limit 1;
    if m.role = 'user' and n.id is null then
        select x.* into n from public.messages x
        where x.tenant_id = m.tenant_id and x.conversation_id = m.conversation_id and x.current order by x.seq desc limit 1;
        return case when n.role = 'user' then n.id end;
    end if;
    if m.role = 'user' and n.role = 'assistant' then
        q := history.known_message(n.tenant_id, n.conversation_id, n.reply_to::text);
    end if;
    return case when m.role = 'user' then coalesce(q.id, n.id) else n.id end;
end $$;
$definition$);

insert into history.edition (edition, place, name, definition) values ('rows', 231, 'all_messages', $definition$-- As messages_between, but with replaced messages, which no policy shows: metadata.replaced_by names the message that took the place, and
-- replaced_by_id is what its client calls that one. Without the rows of keep_key and take_over that only keep the key of a request: what
-- they are a version of is there. Runs as the owner, for a conversation of the caller's, or of the tenant's for its admins.
create or replace function history.all_messages(
    conversation uuid, after bigint, before bigint, most integer, failed boolean) returns setof public.messages
language plpgsql stable security definer set search_path = history_maintenance, pg_temp
as $$
declare
    tenant constant uuid := history.current_tenant();
    me constant uuid := history.user_id();
    moment constant timestamptz := clock_timestamp();
    c public.conversations;
    m public.messages;
    place_taken_by uuid;
begin
    select o.* into c from public.conversations o where o.tenant_id = tenant and o.id = all_messages.conversation;
    if c.user_id = me or tenant = any (array(select history.my_admin_tenants())) then
        for m in
            (select x.* from public.messages x
            where after is null and x.tenant_id = tenant and x.conversation_id = c.id and x.seq < before
                and (x.current or x.content <> '' or not x.metadata ? 'version_of')
                and (failed or not history.came_to_nothing(x.role, x.content, x.parts, x.status, x.lease_until, moment))
            order by x.seq desc limit most)
            union all
            (select x.* from public.messages x
            where after is not null and x.tenant_id = tenant and x.conversation_id = c.id and x.seq > after and x.seq < before
                and (x.current or x.content <> '' or not x.metadata ? 'version_of')
                and (failed or not history.came_to_nothing(x.role, x.content, x.parts, x.status, x.lease_until, moment))
            order by x.seq limit most)
        loop
            if not m.current then
                place_taken_by := history.replaced_by(m);
                m.metadata := history.object_of(m.metadata) || jsonb_build_object('replaced_by', place_taken_by, 'replaced_by_id', (
                    select x.metadata -> 'client_id' from public.messages x where x.tenant_id = tenant and x.id = place_taken_by));
            end if;
            return next m;
        end loop;
    end if;
end $$;
$definition$);

insert into history.edition (edition, place, name, definition) values ('rows', 232, 'messages_between', $definition$-- A page of the messages of a conversation, in its order: the first after after, or else the last before before. failed: also answers
-- without text; replaced: also replaced messages. Called by get_conversation.
create or replace function history.messages_between(
    c public.conversations, after bigint, before bigint, most integer, failed boolean, replaced boolean) returns setof public.messages
language plpgsql stable set search_path = pg_catalog, pg_temp
as $$
declare
    moment constant timestamptz := clock_timestamp();
begin
    if replaced or c.last_seq is null then -- the backfill has not come to it, or not to its end
        return query
        select x.* from (
            select m.* from history.all_messages(c.id, after, before, most, failed) m where replaced
            union all
            select m.* from public.messages m
            where not replaced and m.tenant_id = c.tenant_id and m.conversation_id = c.id and m.current
                and (failed or not history.came_to_nothing(m.role, m.content, m.parts, m.status, m.lease_until, moment))
            union all
            select m.* from history.pending_messages(c.tenant_id, c.id) m where c.last_seq is null) x
        where x.seq < before and x.seq > coalesce(after, 0)
        order by case when after is null then -x.seq else x.seq end limit most;
    elsif after is null then
        return query
        select m.* from public.messages m
        where m.tenant_id = c.tenant_id and m.conversation_id = c.id and m.current and m.seq < before
            and (failed or not history.came_to_nothing(m.role, m.content, m.parts, m.status, m.lease_until, moment))
        order by m.seq desc limit most;
    else
        return query
        select m.* from public.messages m
        where m.tenant_id = c.tenant_id and m.conversation_id = c.id and m.current and m.seq > after and m.seq < before
            and (failed or not history.came_to_nothing(m.role, m.content, m.parts, m.status, m.lease_until, moment))
        order by m.seq limit most;
    end if;
end $$;
$definition$);

insert into history.edition (edition, place, name, definition) values ('rows', 233, 'get_conversation', $definition$-- A conversation, in the first row, with a page of its messages: the newest, newest first, or those after after, oldest first; one row
-- if there are none. id or chat_id: which conversation. before: only messages with a lower seq. most: how many; the page
-- ends when content and metadata have more than bytes. failed: also answers without text. replaced: also replaced messages. known,
-- known_running: revisions that the caller has, the second ones with a running answer.
-- Out: nothing if there is no such conversation; available: how many messages there are, up to most; -1 and -2: the caller has it,
-- known or known_running, and no message was read. An admin reads the tenant's conversations. Locks nothing.
create or replace function history.get_conversation(
    id uuid, chat_id text, before bigint, most integer, bytes bigint, after bigint default null, failed boolean default true,
    replaced boolean default false, known bigint[] default null, known_running bigint[] default null)
returns table (conversation history.conversation, message history.message, available bigint)
language plpgsql stable set search_path = pg_catalog, pg_temp
as $$
declare
    tenant constant uuid := history.current_tenant();
    c constant public.conversations := history.conversation_meant(tenant, id, chat_id);
    moment constant timestamptz := clock_timestamp();
begin
    if c.id is null then
        return;
    end if;
    conversation := history.shown_conversation(c);
    if conversation.revision = any (known) or conversation.revision = any (known_running) and exists (
        select from public.messages m
        where m.tenant_id = tenant and m.conversation_id = c.id and m.current and m.lease_until > clock_timestamp())
    then
        available := case when conversation.revision = any (known) then -1 else -2 end;
        return next;
        return;
    end if;
    return query
    select case when p.ordinality = 1 then get_conversation.conversation end,
        row(p.id, p.conversation_id, p.seq, p.role, p.content, history.with_parts(p.shown, p.all_parts), p.created_at, p.state)::history.message,
        p.available
    from (
        select n.*, s.state, s.all_parts, w.shown, count(*) over () as available,
            sum(octet_length(n.content) + octet_length(w.shown::text) + coalesce(pg_column_size(n.parts #> '{}'), 0))
                over (order by n.ordinality rows unbounded preceding) as weight -- of parts as they are stored, since to print all takes long
        from history.messages_between(c, after, before, most, failed, replaced) with ordinality n
        cross join lateral (select history.object_of(n.metadata) - 'legacy' as shown offset 0) w
        cross join lateral history.shown_state(n.status, n.content, n.parts, n.metadata, n.lease_until, moment) s
    ) p
    where p.ordinality = 1 or p.weight <= bytes
    order by p.ordinality;
    if not found then -- no message
        available := 0;
        return next;
    end if;
end $$;
$definition$);

insert into history.edition (edition, place, name, definition) values ('rows', 234, 'known_message', $definition$-- The message with an id: of its row, the client's own, or of its element; of either side, shown or not. Out: null columns if none.
create or replace function history.known_message(tenant uuid, conversation uuid, message_id text) returns public.messages
language plpgsql stable strict set search_path = history_maintenance, pg_temp
as $$
declare
    own constant uuid := history.to_uuid(message_id);
    derived uuid;
    found_message public.messages;
begin
    if own is not null then -- or a plan for null would be cheaper than the one to keep
        select m.* into found_message from public.messages m
        where m.tenant_id = tenant and m.conversation_id = conversation and m.id = own;
    end if;
    if not found then
        derived := history.derived_id('message', conversation || ' ' || message_id);
        select m.* into found_message from public.messages m
        where m.tenant_id = tenant and m.conversation_id = conversation and m.id = derived;
    end if;
    if not found then
        select m.* into found_message from public.messages m
        where m.tenant_id = tenant and m.conversation_id = conversation and m.metadata ? 'legacy'
            and m.client_id in (own::text, derived::text)
        order by m.metadata ? 'edit_of' limit 1; -- itself before what it said before it was edited
    end if;
    return found_message;
end $$;
$definition$);

insert into history.edition (edition, place, name, definition) values ('rows', 235, 'any_message', $definition$-- As known_message, with metadata.replaced_by if it is not shown. Runs as the owner, since no policy shows replaced messages; for a
-- conversation of the caller's, or of the tenant's for its admins. Called by get_message.
create or replace function history.any_message(conversation uuid, message_id text) returns public.messages
language plpgsql stable security definer set search_path = history_maintenance, pg_temp
as $$
declare
    tenant constant uuid := history.current_tenant();
    me constant uuid := history.user_id();
    c public.conversations;
    m public.messages;
begin
    select o.* into c from public.conversations o where o.tenant_id = tenant and o.id = conversation;
    if c.user_id = me or tenant = any (array(select history.my_admin_tenants())) then
        m := history.known_message(tenant, c.id, message_id);
        if not m.current then
            m.metadata := history.object_of(m.metadata) || jsonb_build_object('replaced_by', history.replaced_by(m));
        end if;
    end if;
    return m;
end $$;
$definition$);

insert into history.edition (edition, place, name, definition) values ('rows', 236, 'get_message', $definition$-- A message whose content is a part of a field, as in field_of: characters of it, after the first skipped. id or chat_id: the conversation;
-- message_id: the message, as in any_message, even if it is not shown any more. Out: nothing if there is none; total: the length of the whole
-- field; revision: of the conversation. An admin reads the tenant's messages. Locks nothing.
create or replace function history.get_message(id uuid, chat_id text, message_id text, skipped integer, characters integer,
    field text default 'content')
returns table (message history.message, total bigint, revision bigint)
language plpgsql stable set search_path = pg_catalog, pg_temp
as $$
declare
    tenant constant uuid := history.current_tenant();
    c constant public.conversations := history.conversation_meant(tenant, id, chat_id);
    m public.messages;
    named uuid[];
    whole text;
begin
    m := history.any_message(c.id, message_id);
    if m.id is null and c.last_seq is null then
        named := array[history.to_uuid(message_id), history.derived_id('message', c.id || ' ' || message_id)];
        select x.* into m from history.pending_messages(tenant, c.id) x
        where x.id = any (named) or history.to_uuid(x.metadata #>> '{legacy,id}') = any (named) limit 1;
    end if;
    if m.id is not null then
        select s.state, s.all_parts into m.status, m.parts
        from history.shown_state(m.status, m.content, m.parts, m.metadata, m.lease_until, clock_timestamp()) s;
        whole := history.field_of(field, m.content, m.metadata, m.parts);
        total := char_length(whole);
        m.content := substr(whole, skipped + 1, characters);
        message := history.shown_message(m);
        revision := (history.shown_conversation(c)).revision;
        return next;
    end if;
end $$;
$definition$);

insert into history.edition (edition, place, name, definition) values ('rows', 237, 'remove_message', $definition$-- Deletes a message, and the answers of a question, as the owner. No seq is used a second time. In and out as in delete_message, which
-- calls it.
create or replace function history.remove_message(conversation uuid, message_id text) returns text
language plpgsql security definer set search_path = history_maintenance, pg_temp
as $$
declare
    tenant constant uuid := history.current_tenant();
    me constant uuid := history.user_id();
    c public.conversations := history.taken_over(tenant, me, conversation);
    d public.messages;
    a public.messages;
    ids uuid[];
    names uuid[]; -- by which it must not come back
    follows boolean; -- the title, its first question
    removed integer;
begin
    follows := c.title = history.title_of_question(c);
    d := history.known_message(tenant, c.id, message_id);
    if d.id is null then
        return 'missing';
    end if;
    if d.role = 'user' and d.current then
        a := history.answer_of(tenant, c.id, d.id, d.seq);
    end if;
    ids := array( -- with what it said before it was edited, and the answers to that
        select m.id from public.messages m
        left join public.messages v on v.tenant_id = tenant and v.conversation_id = c.id and v.id = m.reply_to
        where m.tenant_id = tenant and m.conversation_id = c.id
            and (m.id in (d.id, a.id) or m.reply_to = d.id or d.id::text in (m.metadata ->> 'edit_of', v.metadata ->> 'edit_of')));
    if exists (
        select from public.messages m
        where m.tenant_id = tenant and m.conversation_id = c.id and m.id = any (ids) and m.lease_until > clock_timestamp())
    then
        return 'busy';
    end if;
    removed := (
        select count(*) from public.messages m
        where m.tenant_id = tenant and m.conversation_id = c.id and m.id = any (ids) and m.current);
    perform history.return_key(tenant, c.id, d.reply_to, d.request_key, d.request_hash, d.metadata -> 'requests');
    names := array(
        select n.name from public.messages m
        cross join lateral history.names_of(m.id, tenant, me, m.metadata, m.request_key) n
        where m.tenant_id = tenant and m.conversation_id = c.id and m.id = any (ids) and (d.role = 'user' or not n.is_key));
    delete from public.messages m where m.tenant_id = tenant and m.conversation_id = c.id and m.id = any (ids);
    perform history.refuse_loss(not exists (
        select from public.messages m where m.tenant_id = tenant and m.conversation_id = c.id and m.id = any (ids)), 'messages');
    insert into history.deleted (tenant_id, user_id, id) select tenant, me, r.name from unnest(names) r(name) on conflict do nothing;
    if follows then
        c.title := history.title_of_question(c);
    end if;
    c.last_message_at := (history.counted(tenant, c.id)).newest;
    perform history.turn_written(c, c.last_seq, -removed, '{}');
    return 'done';
end $$;
$definition$);

insert into history.edition (edition, place, name, definition) values ('rows', 238, 'delete_message', $definition$-- Deletes a question with its answers, or an answer alone, from the caller's conversation with id or chat_id. message_id: as in
-- get_message. versions: the conversation must have one of these, unless null. Out: done, changed (another version), busy (it is being
-- answered) or missing. Locks the conversation, as the caller.
create or replace function history.delete_message(id uuid, chat_id text, message_id text, versions bigint[], out outcome text)
language plpgsql set search_path = pg_catalog, pg_temp
as $$
declare
    tenant constant uuid := history.writing_tenant();
    me constant uuid := history.user_id();
    meant constant uuid := (history.conversation_meant(tenant, id, chat_id)).id;
    c public.conversations;
    shown history.conversation;
begin
    select o.* into c from public.conversations o
    where o.tenant_id = tenant and o.user_id = me and o.id = meant for no key update;
    shown := history.shown_conversation(c);
    outcome := case
        when c.id is null then 'missing'
        when shown.revision <> all (versions) then 'changed'
        else history.remove_message(c.id, message_id) end;
end $$;
$definition$);

insert into history.edition (edition, place, name, definition) values ('rows', 239, 'create_conversation', $definition$-- Creates a new, empty conversation of the caller. id: made by the server; unused with a key, from which the id is derived. Out: the
-- conversation as it is now, null if it was made with that key and deleted; replayed: an earlier request made it; same_request: that
-- request asked for the same.
create or replace function history.create_conversation(
    id uuid, key text, title text, metadata jsonb, request_hash text,
    out conversation history.conversation, out replayed boolean, out same_request boolean)
language plpgsql set search_path = pg_catalog, pg_temp
as $$
declare
    tenant constant uuid := history.writing_tenant();
    me constant uuid := history.user_id();
    wanted constant uuid := coalesce(history.derived_id('conversation', key), create_conversation.id);
    c public.conversations;
begin
    if key is not null and history.is_deleted(wanted) then
        return;
    end if;
    insert into public.conversations as n (id, tenant_id, user_id, title, metadata, last_seq, message_count, request_hash)
    values (wanted, tenant, me, coalesce(create_conversation.title, 'New Conversation'),
        coalesce(create_conversation.metadata, '{}'), 0, 0, create_conversation.request_hash)
    on conflict do nothing returning n.* into c;
    replayed := c.id is null;
    if replayed and history.is_deleted(wanted) then -- at the same moment
        return;
    elsif replayed then
        select e.* into c from public.conversations e where e.tenant_id = tenant and e.user_id = me and e.id = wanted;
        perform history.refuse_loss(found, 'conversations');
    end if;
    -- One that was made before the migration has no hash.
    same_request := coalesce(string_to_array(c.request_hash, ' ') && string_to_array(create_conversation.request_hash, ' '), true);
    conversation := history.shown_conversation(c);
end $$;
$definition$);

insert into history.edition (edition, place, name, definition) values ('rows', 240, 'patch_conversation', $definition$-- Changes the caller's conversation with id or chat_id; null leaves a value as it is. clear: metadata is replaced by the patch, not
-- merged. labels: an array. versions: it must have one of these, unless null. most: the bytes of metadata as text that the result may
-- have. Out: done, changed (another version) or too large, with the conversation; missing. Locks the conversation.
create or replace function history.patch_conversation(
    id uuid, title text, clear boolean, patch jsonb, versions bigint[], most integer,
    archived boolean default null, labels jsonb default null, chat_id text default null,
    out outcome text, out conversation history.conversation)
language plpgsql set search_path = pg_catalog, pg_temp
as $$
declare
    tenant constant uuid := history.writing_tenant();
    me constant uuid := history.user_id();
    meant constant uuid := (history.conversation_meant(tenant, id, chat_id)).id;
    c public.conversations;
    merged jsonb;
begin
    select o.* into c from public.conversations o
    where o.tenant_id = tenant and o.user_id = me and o.id = meant for no key update;
    merged := case when patch is null then c.metadata
        else history.merge_patch(case when not clear then c.metadata end, patch) end;
    conversation := history.shown_conversation(c);
    outcome := case
        when c.id is null then 'missing'
        when conversation.revision <> all (versions) then 'changed'
        when patch is not null and octet_length(merged::text) > most
            and octet_length(merged::text) > octet_length(c.metadata::text) then 'too large'
        else 'done' end;
    if outcome = 'done' and coalesce(patch_conversation.title, patch::text, labels::text, archived::text) is not null then
        update public.conversations o
        set title = coalesce(patch_conversation.title, c.title), metadata = merged,
            archived = coalesce(patch_conversation.archived, c.archived),
            labels = case when patch_conversation.labels is null then c.labels
                else array(select jsonb_array_elements_text(patch_conversation.labels)) end
        where o.tenant_id = tenant and o.id = c.id
        returning o.* into strict c;
        conversation := history.shown_conversation(c);
    end if;
end $$;
$definition$);

insert into history.edition (edition, place, name, definition) values ('rows', 241, 'delete_conversation', $definition$-- Deletes the caller's conversation with id or chat_id, and its messages. versions: it must have one of these, unless null.
-- Out: done, changed (another version) or missing. Locks the conversation.
create or replace function history.delete_conversation(id uuid, versions bigint[], chat_id text default null, out outcome text)
language plpgsql set search_path = pg_catalog, pg_temp
as $$
declare
    tenant constant uuid := history.writing_tenant();
    me constant uuid := history.user_id();
    meant constant uuid := (history.conversation_meant(tenant, id, chat_id)).id;
    c public.conversations;
    shown history.conversation;
begin
    select o.* into c from public.conversations o
    where o.tenant_id = tenant and o.user_id = me and o.id = meant for update;
    shown := history.shown_conversation(c);
    outcome := case
        when c.id is null then 'missing'
        when shown.revision <> all (versions) then 'changed'
        else 'done' end;
    if outcome = 'done' then
        perform history.refuse_loss(not exists ( -- by which the foreign key of messages fails with an internal error
            select from pg_rewrite r
            where r.ev_class = 'public.messages'::regclass and r.ev_type = '4' and r.is_instead and r.ev_qual::text = '<>'), 'messages');
        delete from public.conversations o where o.tenant_id = tenant and o.id = c.id;
        perform history.refuse_loss(found, 'conversations');
    end if;
end $$;
$definition$);

insert into history.edition (edition, place, name, definition) values ('rows', 242, 'lock_conversation', $definition$-- The conversation of a turn, locked: the caller's own by its id, or by the id derived from the client's chat id or the request's key; else
-- it is created, where new_conversation is given and it was not deleted. Out: null columns if there is none. Runs as the caller: the
-- policies decide whose it is. Called by claim_turn.
create or replace function history.lock_conversation(conversation uuid, chat_id text, key text, new_conversation uuid)
returns public.conversations
language plpgsql set search_path = pg_catalog, pg_temp
as $$
declare
    tenant constant uuid := history.writing_tenant();
    me constant uuid := history.user_id();
    c public.conversations;
    wanted uuid;
    is_new boolean := false;
begin
    if conversation is not null then
        select o.* into c from public.conversations o
        where o.tenant_id = tenant and o.user_id = me and o.id = conversation for no key update;
        if found or chat_id is null or history.is_deleted(conversation)
            or exists (select from public.conversations o where o.tenant_id = tenant and o.id = conversation) -- which an admin reads
        then
            return c;
        end if;
    end if;
    wanted := coalesce(history.derived_id('chat', chat_id), history.derived_id('chat-of-key', key), new_conversation);
    if new_conversation is not null and not exists (
        select from public.conversations o where o.tenant_id = tenant and o.user_id = me and o.id = wanted)
        and not (chat_id is null and key is not null and history.is_deleted(wanted)) -- what a key has made is made once
    then
        insert into public.conversations (id, tenant_id, user_id) values (wanted, tenant, me) on conflict do nothing;
        is_new := true;
    end if;
    select o.* into c from public.conversations o
    where o.tenant_id = tenant and o.user_id = me and o.id = wanted for no key update;
    if is_new and not found and not history.is_deleted(wanted) and not history.hidden_from_caller(wanted) then
        perform history.refuse_loss(false, 'conversations');
    end if;
    return c;
end $$;
$definition$);

insert into history.edition (edition, place, name, definition) values ('rows', 243, 'hidden_from_caller', $definition$-- Whether a conversation exists and is the caller's, which it then locks: either somebody has created it since the caller looked, or the
-- policies hide it, because one was dropped or a stricter one added. Nobody can delete it now, so looking once more tells which. Runs as
-- the owner, and answers only for the caller's own. Called by claim_turn and finish_turn, which found none.
create or replace function history.hidden_from_caller(conversation uuid) returns boolean
language plpgsql security definer set search_path = history_maintenance, pg_temp
as $$
declare
    tenant constant uuid := history.current_tenant();
    me constant uuid := history.user_id();
begin
    perform from public.conversations o
    where o.tenant_id = tenant and o.user_id = me and o.id = conversation for no key update;
    return found;
end $$;
$definition$);

insert into history.edition (edition, place, name, definition) values ('rows', 244, 'taken_over', $definition$-- The caller's own conversation, locked and converted to rows of this version, if its messages are still elements of its array or were
-- written by an earlier version. Every statement after it sees what others did while it waited for the lock. Called by the functions of a
-- turn, which run as the owner.
create or replace function history.taken_over(tenant uuid, me uuid, conversation uuid) returns public.conversations
language plpgsql set search_path = history_maintenance, pg_temp
as $$
declare
    c public.conversations;
begin
    select o.* into strict c from public.conversations o
    where o.tenant_id = tenant and o.user_id = me and o.id = conversation for no key update;
    if c.last_seq is null then
        perform history.convert(array[c.id]);
    elsif c.revision is null then
        perform history.take_over(array[c.id]);
    else
        return c;
    end if;
    select o.* into c from public.conversations o where o.tenant_id = tenant and o.id = c.id;
    return c;
end $$;
$definition$);

insert into history.edition (edition, place, name, definition) values ('rows', 245, 'last_question', $definition$-- The last question before a place that is shown. Out: null columns if there is none. Called by question_known and question_asked.
create or replace function history.last_question(tenant uuid, conversation uuid, before bigint default 9223372036854775807)
returns public.messages
language plpgsql stable set search_path = history_maintenance, pg_temp
as $$
declare
    q public.messages;
begin
    select m.* into q from public.messages m
    where m.tenant_id = tenant and m.conversation_id = conversation and m.current and m.role = 'user' and m.seq < before
    order by m.seq desc limit 1;
    return q;
end $$;
$definition$);

insert into history.edition (edition, place, name, definition) values ('rows', 246, 'question_of', $definition$-- The question of an answer: the one that it names, else the last one that is shown before it. Out: null columns if there is none, as for
-- a greeting. Called by the functions of a turn.
create or replace function history.question_of(a public.messages) returns public.messages
language plpgsql stable set search_path = history_maintenance, pg_temp
as $$
declare
    q public.messages;
begin
    q := history.known_message(a.tenant_id, a.conversation_id, a.reply_to::text);
    if q.id is null then
        q := history.last_question(a.tenant_id, a.conversation_id, a.seq);
    end if;
    return q;
end $$;
$definition$);

insert into history.edition (edition, place, name, definition) values ('rows', 247, 'marked_with', $definition$-- The row of an attempt: its own, else the answer that it continues, or the question that bears its mark, because it began in the arrays
-- edition; if that was edited since, its old text. Out: null columns if there is none. Called by store_piece, store_end and abandon_turn.
create or replace function history.marked_with(c public.conversations, attempt uuid) returns public.messages
language plpgsql stable set search_path = history_maintenance, pg_temp
as $$
declare
    m public.messages;
begin
    select x.* into m from public.messages x
    where x.tenant_id = c.tenant_id and x.conversation_id = c.id and x.id = attempt;
    if not found then
        select x.* into m from public.messages x
        where x.tenant_id = c.tenant_id and x.conversation_id = c.id and x.metadata #>> '{attempt,id}' = attempt::text
        order by x.seq desc limit 1;
    end if;
    return m;
end $$;
$definition$);

insert into history.edition (edition, place, name, definition) values ('rows', 248, 'is_edit', $definition$-- Whether a question that is sent again has another text or other parts. Called by the functions of a turn.
create or replace function history.is_edit(q public.messages, said jsonb) returns boolean
language sql immutable set search_path = pg_catalog, pg_temp
as $$
    select q.id is not null and said is not null
        and (said ->> 'content' <> q.content or history.sent_parts(said) is distinct from q.parts)
$$;
$definition$);

insert into history.edition (edition, place, name, definition) values ('rows', 249, 'standing', $definition$-- A client's position. earlier: its list with the new message, [{id, role, content, metadata, parts}], of which only the ids are
-- trusted. Out: place: the last message that both know, with its answer; null if none is known. missing: the user's messages after it,
-- which never arrived, in order, without those that were deleted; where the chat's conversation was, what an unknown answer follows was
-- in it. Of two under one id the earlier gets an id of its own, unless all of it is in the other. Called by question_asked, under the lock.
create or replace function history.standing(
    tenant uuid, conversation uuid, earlier jsonb, out place bigint, out missing jsonb)
language plpgsql stable set search_path = history_maintenance, pg_temp
as $$
declare
    entry jsonb;
    m public.messages;
    next record;
    is_answered boolean := false;
begin
    missing := '[]';
    for entry in select e.value from jsonb_array_elements(earlier) with ordinality e(value, i) order by e.i desc loop
        m := history.known_message(tenant, conversation, entry ->> 'id');
        if m.id is null and entry ->> 'role' = 'user' and entry ? 'content'
            and not missing @> jsonb_build_array(entry) and not history.was_deleted(conversation, entry ->> 'id')
            and not (is_answered and history.is_deleted(conversation))
        then
            missing := jsonb_build_array(case when missing @> jsonb_build_array(jsonb_build_object('id', entry -> 'id'))
                then entry || jsonb_build_object('id', gen_random_uuid()) else entry end) || missing;
        end if;
        is_answered := is_answered or entry ->> 'role' is distinct from 'user';
        continue when m.id is null;
        place := 9223372036854775807; -- what it knows has been replaced: it goes on at the end
        if m.role = 'assistant' and not m.current then -- by another answer
            m := history.known_message(tenant, conversation, m.reply_to::text);
        end if;
        continue when m.current is not true;
        place := m.seq;
        exit when m.role = 'assistant';
        select n.seq, n.role into next from public.messages n
        where n.tenant_id = tenant and n.conversation_id = conversation and n.current and n.seq > m.seq order by n.seq limit 1;
        place := case when next.role = 'assistant' then next.seq else m.seq end;
        exit;
    end loop;
end $$;
$definition$);

insert into history.edition (edition, place, name, definition) values ('rows', 250, 'answer_of', $definition$-- The answer of a question's own: the running one, else the one that is shown: right after it, or wherever it is. Out: null columns if
-- there is none. Called under the lock.
create or replace function history.answer_of(tenant uuid, conversation uuid, question uuid, place bigint) returns public.messages
language plpgsql set search_path = history_maintenance, pg_temp
as $$
declare
    a public.messages;
    q public.messages;
begin
    select m.* into a from public.messages m
    where m.tenant_id = tenant and m.conversation_id = conversation and m.lease_until > clock_timestamp() and m.reply_to = question
    order by m.seq desc limit 1;
    if not found then
        select m.* into a from public.messages m
        where m.tenant_id = tenant and m.conversation_id = conversation and m.current and m.seq > place
            and m.role in ('user', 'assistant')
        order by m.seq limit 1;
        if a.reply_to <> question then
            q := history.question_of(a);
        end if;
        if a.role = 'user' or q.id <> question then
            select m.* into a from public.messages m
            where m.tenant_id = tenant and m.conversation_id = conversation and m.current and m.seq > place and m.reply_to = question
            order by m.seq desc limit 1;
        end if;
    end if;
    return a;
end $$;
$definition$);

insert into history.edition (edition, place, name, definition) values ('rows', 251, 'answer_meant', $definition$-- The answer that a question which is sent means, and whose it is. A question without an answer of its own, which never arrived or whose
-- answer was deleted, shares that of the last question before the next answer: sent again, it is that one, and said is null. Regenerated
-- or edited it is its own. In and out: q, null columns for a new question; said as in question_asked. Out: edits, whether said has
-- another text. Called by take_turn.
create or replace function history.answer_meant(
    inout q public.messages, inout said jsonb, anew boolean, out a public.messages, out edits boolean)
language plpgsql stable set search_path = history_maintenance, pg_temp
as $$
declare
    shared public.messages;
begin
    if q.id is null then
        return;
    end if;
    a := history.answer_of(q.tenant_id, q.conversation_id, q.id, q.seq);
    edits := history.is_edit(q, said);
    if a.id is null and q.current and not anew and not edits and (q.lease_until > clock_timestamp()) is not true then
        shared := history.last_question(q.tenant_id, q.conversation_id, coalesce((
            select m.seq from public.messages m
            where m.tenant_id = q.tenant_id and m.conversation_id = q.conversation_id and m.current and m.role = 'assistant'
                and m.seq > q.seq
            order by m.seq limit 1), 9223372036854775807));
        if shared.id <> q.id then
            q := shared;
            said := null;
            a := history.answer_of(q.tenant_id, q.conversation_id, q.id, q.seq);
        end if;
    end if;
end $$;
$definition$);

insert into history.edition (edition, place, name, definition) values ('rows', 252, 'made_with', $definition$-- What the last request of a user with a key made: an answer, or a row that continue_turn stored for it. Out: null columns if none.
-- Called by take_turn and continue_turn, under the lock.
create or replace function history.made_with(tenant uuid, me uuid, key text) returns public.messages
language plpgsql stable strict set search_path = history_maintenance, pg_temp
as $$
declare
    keyed public.messages;
begin
    select m.* into keyed from public.messages m
    where m.tenant_id = tenant and m.user_id = me and m.request_key = key order by m.created_at desc limit 1;
    return keyed;
end $$;
$definition$);

insert into history.edition (edition, place, name, definition) values ('rows', 253, 'collides', $definition$-- Whether a turn that replaces what follows cut (null: nothing), or answers at place, collides with an answer that is running: one that
-- would be replaced, its own or its question, or one that will replace what is at place. Called by take_turn and continue_turn, under the lock.
create or replace function history.collides(tenant uuid, conversation uuid, cut bigint, place bigint) returns boolean
language plpgsql stable set search_path = history_maintenance, pg_temp
as $$
declare
    m public.messages;
    q public.messages;
begin
    for m in
        select r.* from public.messages r
        where r.tenant_id = tenant and r.conversation_id = conversation and r.lease_until > clock_timestamp()
    loop
        q := null;
        if not m.current then
            q := history.question_of(m);
        end if;
        if coalesce(q.seq, m.seq) > cut or m.seq > place and q.seq < place then
            return true;
        end if;
    end loop;
    return false;
end $$;
$definition$);

insert into history.edition (edition, place, name, definition) values ('rows', 254, 'replace_behind', $definition$-- Marks what is shown between two places as replaced, and ends what is running there. Out: how many messages. Called under the lock.
create or replace function history.replace_behind(tenant uuid, conversation uuid, after bigint, before bigint) returns integer
language plpgsql set search_path = history_maintenance, pg_temp
as $$
declare
    replaced integer;
begin
    update public.messages m
    set current = false, lease_until = null,
        status = case when m.status <> 'running' then m.status when m.content = '' then 'failed' else 'incomplete' end
    where m.tenant_id = tenant and m.conversation_id = conversation and m.current and m.seq > after and m.seq < before;
    get diagnostics replaced = row_count;
    return replaced;
end $$;
$definition$);

insert into history.edition (edition, place, name, definition) values ('rows', 255, 'question_metadata', $definition$-- The metadata of a question that is sent again or edited, with its element. said: as in begin_attempt. Called by store_metadata and keep_version.
create or replace function history.question_metadata(q public.messages, said jsonb) returns jsonb
language plpgsql stable set search_path = history_maintenance, pg_temp
as $$
declare
    kept constant jsonb := history.sent_metadata(q.metadata, said -> 'metadata') - array['attempt', 'ui_parts'];
begin
    perform history.refuse_message(null, nullif(said -> 'metadata', 'null'), null, 0);
    return kept || case when kept ? 'legacy' then history.kept(history.edited(history.element_of(
        q.id, q.conversation_id, q.user_id, q.role, q.content, q.metadata, q.created_at), q.role, said ->> 'content', kept - 'legacy'),
        q.role, said ->> 'content') else '{}' end;
end $$;
$definition$);

insert into history.edition (edition, place, name, definition) values ('rows', 256, 'store_metadata', $definition$-- Stores the metadata that a question is sent again with, unless there are none. said: as in begin_attempt. Out: the question as it is
-- then. Called by take_turn and begin_attempt, which have the lock.
create or replace function history.store_metadata(q public.messages, said jsonb) returns public.messages
language plpgsql set search_path = history_maintenance, pg_temp
as $$
begin
    if said -> 'metadata' <> 'null' and history.sent_metadata(q.metadata, said -> 'metadata') is distinct from q.metadata then
        q.metadata := history.question_metadata(q, said);
        update public.messages m set metadata = q.metadata where m.tenant_id = q.tenant_id and m.id = q.id;
    end if;
    return q;
end $$;
$definition$);

insert into history.edition (edition, place, name, definition) values ('rows', 257, 'keep_version', $definition$-- Gives a question another text. The old one, with all its answers, is stored as a version that is not shown, whose metadata.edit_of
-- names the question; what followed is replaced. The question keeps its id and its place. said: {content, metadata, parts}; place: for
-- the version. Out: how many messages are no longer shown. Called by begin_attempt, which has the lock.
create or replace function history.keep_version(q public.messages, said jsonb, place bigint) returns integer
language plpgsql set search_path = history_maintenance, pg_temp
as $$
declare
    version constant uuid := gen_random_uuid();
    replaced integer;
    kept constant jsonb := history.question_metadata(q, said);
    sent constant jsonb := history.sent_parts(said);
begin
    perform history.refuse_message(said ->> 'content', null, sent, 1048576);
    insert into public.messages (id, tenant_id, conversation_id, user_id, seq, role, content, metadata, created_at, current,
        client_id, request_key, request_hash, parts)
    values (version, q.tenant_id, q.conversation_id, q.user_id, place, q.role, q.content,
        history.object_of(q.metadata) || jsonb_build_object('edit_of', q.id), q.created_at, false,
        q.client_id, q.request_key, q.request_hash, q.parts);
    perform history.refuse_loss(found, 'messages');
    update public.messages m set reply_to = version, lease_until = null
    where m.tenant_id = q.tenant_id and m.conversation_id = q.conversation_id and m.reply_to = q.id;
    replaced := history.replace_behind(q.tenant_id, q.conversation_id, q.seq, place);
    update public.messages m
    set content = said ->> 'content', metadata = kept, lease_until = null, request_key = null, request_hash = null,
        parts = sent
    where m.tenant_id = q.tenant_id and m.id = q.id;
    perform history.refuse_loss(found, 'messages');
    return replaced;
end $$;
$definition$);

insert into history.edition (edition, place, name, definition) values ('rows', 258, 'title_of_question', $definition$-- The title of a conversation that nobody has named: the first words of its first question. Called under the lock.
create or replace function history.title_of_question(c public.conversations) returns text
language plpgsql stable set search_path = history_maintenance, pg_temp
as $$
begin
    return coalesce((
        select history.first_words(m.content) from public.messages m
        where m.tenant_id = c.tenant_id and m.conversation_id = c.id and m.current and m.role = 'user'
        order by m.seq limit 1), 'New Conversation');
end $$;
$definition$);

insert into history.edition (edition, place, name, definition) values ('rows', 259, 'followed_title', $definition$-- The title of a conversation after a change of its questions. One that nobody gave is the first words of the first question, and follows it.
-- question: what the first of those that changed said before; null if none did. Called by messages_changed, which has the lock.
create or replace function history.followed_title(tenant uuid, conversation uuid, place bigint, question text) returns text
language plpgsql stable set search_path = history_maintenance, pg_temp
as $$
declare
    c public.conversations;
begin
    select o.* into c from public.conversations o where o.tenant_id = tenant and o.id = conversation;
    if c.title = history.first_words(question) and not exists (
        select from public.messages m
        where m.tenant_id = tenant and m.conversation_id = conversation and m.current and m.role = 'user' and m.seq < place)
    then
        return history.title_of_question(c);
    end if;
    return c.title;
end $$;
$definition$);

insert into history.edition (edition, place, name, definition) values ('rows', 260, 'turn_written', $definition$-- Updates the conversation after a turn has written visible messages: counters, title, version, array. added: how many more are shown;
-- appended: the new ones at the end, if nothing else has changed. Called by the functions of a turn, which have the lock.
create or replace function history.turn_written(c public.conversations, last_seq bigint, added integer, appended public.messages[])
returns public.conversations
language plpgsql set search_path = history_maintenance, pg_temp
as $$
declare
    version constant timestamptz := history.next_version(c.updated_at);
    elements jsonb;
    m public.messages;
begin
    if (select s.phase from history.state s) <> 'complete' then
        foreach m in array appended loop
            elements := history.appended(coalesce(elements, c.messages), history.element_of(
                m.id, m.conversation_id, m.user_id, m.role, m.content, history.with_parts(m.metadata, m.parts), m.created_at));
        end loop;
        elements := coalesce(elements, history.wrapped(c.messages, coalesce(history.rebuilt(c.id), '[]')));
        perform history.refuse_growth(c.tenant_id, c.id, elements);
        update public.conversations o set messages = elements where o.tenant_id = c.tenant_id and o.id = c.id;
    end if;
    update public.conversations o
    set last_seq = turn_written.last_seq, message_count = c.message_count + added, title = c.title, updated_at = version,
        revision = c.revision + 1, last_message_at = c.last_message_at
    where o.tenant_id = c.tenant_id and o.id = c.id
    returning o.* into c;
    perform history.refuse_loss(found, 'conversations');
    return c;
end $$;
$definition$);

insert into history.edition (edition, place, name, definition) values ('rows', 261, 'seen_by_model', $definition$-- What the model sees of a conversation before a place: its newest messages, oldest first, as [role, content, parts]; at most most, of
-- characters together. Without failed and running answers, but with one that is being continued, as it is, and with what arrived of one
-- whose lease is over. Parts beyond 6 MB together are without the data of their files, and those beyond 12 MB are left out.
create or replace function history.seen_by_model(tenant uuid, conversation uuid, place bigint, most integer, characters integer)
returns jsonb
language plpgsql stable set search_path = history_maintenance, pg_temp
as $$
declare
    moment constant timestamptz := clock_timestamp();
begin
    return (
        select jsonb_agg(jsonb_build_array(measured.role, measured.content,
            case when measured.weight > 12000000 then null when measured.weight > 6000000 then history.without_data(measured.parts)
                else measured.parts end) order by measured.seq)
        from (
            select newest.*, sum(char_length(newest.content)) over behind as total,
                sum(pg_column_size(newest.parts #> '{}')) over behind as weight
            from (
                select m.seq, m.role, m.content, s.all_parts as parts
                from public.messages m
                cross join lateral history.shown_state(m.status, m.content, m.parts, m.metadata, m.lease_until, moment) s
                where m.tenant_id = tenant and m.conversation_id = conversation and m.current and m.seq < place
                    and m.role in ('user', 'assistant')
                    and (s.state in ('completed', 'incomplete', 'stopped') or s.state = 'running' and m.parts is not null)
                    and (m.content <> '' or m.parts is not null)
                order by m.seq desc limit most) newest
            window behind as (order by newest.seq desc)) measured
        where measured.total <= characters);
end $$;
$definition$);

insert into history.edition (edition, place, name, definition) values ('rows', 262, 'shown_message', $definition$-- A row as the API shows it.
create or replace function history.shown_message(m public.messages) returns history.message
language plpgsql stable set search_path = pg_catalog, pg_temp
as $$
begin
    return (
        select row(m.id, m.conversation_id, m.seq, m.role, m.content,
            history.with_parts(history.object_of(m.metadata) - 'legacy', s.all_parts), m.created_at, s.state)::history.message
        from history.shown_state(m.status, m.content, m.parts, m.metadata, m.lease_until, clock_timestamp()) s);
end $$;
$definition$);

insert into history.edition (edition, place, name, definition) values ('rows', 263, 'shown_state', $definition$-- The status and the parts of a message as they are shown. An answer whose lease is over is not running, whatever its row says: it is as
-- end_attempt would leave it. Called where messages are read.
create or replace function history.shown_state(
    status text, content text, parts jsonb, metadata jsonb, lease_until timestamptz, moment timestamptz)
returns table (state text, all_parts jsonb)
language sql immutable parallel safe
begin atomic
    select case when not l.lapsed then status when content = '' and parts is null then 'failed' else 'incomplete' end,
        case when l.lapsed then history.with_step(parts, content, metadata) else parts end
    from (select status is not distinct from 'running' and (lease_until > moment) is not true as lapsed) l;
end;
$definition$);

insert into history.edition (edition, place, name, definition) values ('rows', 264, 'question_known', $definition$-- The question that a turn is about, by ids: of the message that target names, else of the message that was sent. said: {id, content,
-- metadata, parts}, null without a message; anew: regenerate, so target may name an answer. by_text: a message without an id is the
-- last question again if that has failed within ten minutes and has the same text.
-- Out: null columns if it is new; decision: why the turn is refused, or null. Called by question_asked, under the lock.
create or replace function history.question_known(
    c public.conversations, target text, said jsonb, anew boolean, by_text boolean, out q public.messages, out decision text)
language plpgsql stable set search_path = history_maintenance, pg_temp
as $$
declare
    message_id constant text := said ->> 'id';
    m public.messages;
    a public.messages;
begin
    m := history.known_message(c.tenant_id, c.id, coalesce(target, message_id));
    if m.id is null and target is not null and history.was_deleted(c.id, target) then
        decision := 'deleted';
        return;
    end if;
    if m.id is null and anew and target <> message_id then
        m := history.known_message(c.tenant_id, c.id, message_id);
    end if;
    if m.role = 'user' then
        q := m;
    elsif m.role = 'assistant' and anew then
        q := history.question_of(m);
        decision := case when q.id is null then 'nothing' end;
    elsif m.id is not null then
        decision := 'not a question';
    elsif not anew and target <> coalesce(message_id, '') then
        decision := 'unknown';
    elsif said is null then
        q := history.last_question(c.tenant_id, c.id);
        decision := case when q.id is null then 'nothing' when target is not null then 'elsewhere' end;
    elsif by_text and message_id is null then
        m := history.last_question(c.tenant_id, c.id);
        a := history.answer_of(c.tenant_id, c.id, m.id, m.seq);
        if (a.status in ('failed', 'incomplete') or a.id is null and m.metadata ? 'failure' -- in rows, in the array
                or a.status = 'running' and a.lease_until <= clock_timestamp())
            and coalesce(a.created_at, m.created_at) > clock_timestamp() - interval '10 minutes' and not history.is_edit(m, said)
        then
            q := m;
        end if;
    end if;
end $$;
$definition$);

insert into history.edition (edition, place, name, definition) values ('rows', 265, 'question_of_key', $definition$-- The question of the turn that an earlier request with a key made, in whichever conversation; of one that was edited since, as it is now.
-- keyed: as made_with found it. Out: null columns if there is none. Called by question_asked and continue_turn.
create or replace function history.question_of_key(keyed public.messages) returns public.messages
language plpgsql stable set search_path = history_maintenance, pg_temp
as $$
declare
    q public.messages;
begin
    q := history.known_message(keyed.tenant_id, keyed.conversation_id, coalesce(keyed.reply_to, keyed.id)::text);
    if not q.current and history.to_uuid(q.metadata ->> 'edit_of') is not null then
        q := history.known_message(q.tenant_id, q.conversation_id, q.metadata ->> 'edit_of');
    end if;
    return q;
end $$;
$definition$);

insert into history.edition (edition, place, name, definition) values ('rows', 266, 'question_asked', $definition$-- The question that a turn is about, as in question_known. key: the request's; keyed: the message that an earlier request with this key
-- stored. Its question may have been edited since, or deleted with all that the key made.
-- For a new question also its position: after place, which is the end unless the client's list (earlier) ends before it; and missing,
-- the user's messages before it that never arrived. If nothing in the client's list is known, the decision is elsewhere, unless it
-- regenerates the last question under an unknown id. Called by take_turn, which has the lock.
create or replace function history.question_asked(
    c public.conversations, keyed public.messages, target text, said jsonb, earlier jsonb, anew boolean, key text,
    out q public.messages, out decision text, out place bigint, out missing jsonb)
language plpgsql stable set search_path = history_maintenance, pg_temp
as $$
declare
    known record;
    stand record;
    last public.messages;
begin
    if keyed.id is not null then
        q := history.question_of_key(keyed);
        decision := case when q.current is not true then 'deleted' end;
        if q.conversation_id <> c.id then
            q := null;
        end if;
    elsif history.is_deleted(history.derived_id('request', key)) then
        decision := 'deleted';
    else
        known := history.question_known(c, target, said, anew, key is null);
        q := known.q;
        decision := known.decision;
    end if;
    if q.id is null and decision is null and history.was_deleted(c.id, said ->> 'id') then
        decision := 'deleted';
    end if;
    if q.id is not null or decision is not null then
        return;
    end if;
    stand := history.standing(c.tenant_id, c.id, earlier || jsonb_build_array(said || '{"role": "user"}'));
    missing := stand.missing - -1; -- without the new one
    place := coalesce(stand.place, 9223372036854775807);
    if stand.place is null and (anew or earlier <> '[]') then
        last := history.last_question(c.tenant_id, c.id);
        if anew and not history.is_edit(last, said) then
            q := last;
        elsif last.id is not null then
            decision := 'elsewhere';
        end if;
    end if;
end $$;
$definition$);

insert into history.edition (edition, place, name, definition) values ('rows', 267, 'add_question', $definition$-- Stores a user's message. said: {id, content, metadata, parts}; new_message: its id, if the client gave none. Called under the lock.
create or replace function history.add_question(
    c public.conversations, said jsonb, new_message uuid, place bigint, moment timestamptz) returns public.messages
language plpgsql set search_path = history_maintenance, pg_temp
as $$
declare
    q public.messages;
    sent constant jsonb := history.sent_parts(said);
begin
    perform history.refuse_message(said ->> 'content', nullif(said -> 'metadata', 'null'), sent, 1048576);
    insert into public.messages as m (id, tenant_id, conversation_id, user_id, seq, role, content, metadata, created_at, client_id, parts)
    values (coalesce(history.derived_id('message', c.id || ' ' || (said ->> 'id')), new_message), c.tenant_id, c.id, c.user_id, place,
        'user', said ->> 'content', history.sent_metadata(jsonb_strip_nulls(jsonb_build_object('client_id', said -> 'id')), said -> 'metadata'),
        moment, said ->> 'id', sent)
    returning m.* into q;
    perform history.refuse_loss(found, 'messages');
    return q;
end $$;
$definition$);

insert into history.edition (edition, place, name, definition) values ('rows', 268, 'add_attempt', $definition$-- Stores an attempt at the answer to a question. Called by begin_attempt, which has the lock.
create or replace function history.add_attempt(
    q public.messages, attempt uuid, place bigint, moment timestamptz, shown boolean, until timestamptz, key text, key_hash text)
returns public.messages
language plpgsql set search_path = history_maintenance, pg_temp
as $$
declare
    a public.messages;
begin
    insert into public.messages as m (id, tenant_id, conversation_id, user_id, seq, role, content, metadata, created_at,
        status, current, reply_to, lease_until, request_key, request_hash)
    values (attempt, q.tenant_id, q.conversation_id, q.user_id, place, 'assistant', '',
        jsonb_strip_nulls(jsonb_build_object('status', 'running', 'reply_to', q.id,
            'attempt', jsonb_build_object('id', attempt, 'until', until),
            'requests', case when key is not null then jsonb_build_object(key, key_hash) end)),
        moment, 'running', shown, q.id, until, key, key_hash)
    returning m.* into a;
    perform history.refuse_loss(found, 'messages');
    return a;
end $$;
$definition$);

insert into history.edition (edition, place, name, definition) values ('rows', 269, 'begin_attempt', $definition$-- Stores a question, or a new text of one, and an attempt at its answer. A complete answer stays until the next one is complete, and so
-- does what follows a question that is regenerated; any other answer is replaced by the new attempt.
-- said, new_message, missing, place: as in question_asked, for a new question; what comes after place is replaced.
-- Out: the conversation, the question and the attempt as they are then. Called by take_turn, under the lock.
create or replace function history.begin_attempt(
    inout c public.conversations, inout q public.messages, inout a public.messages, said jsonb, new_message uuid, missing jsonb,
    place bigint, anew boolean, attempt uuid, until timestamptz, key text, key_hash text)
language plpgsql set search_path = history_maintenance, pg_temp
as $$
declare
    moment timestamptz := clock_timestamp();
    next bigint := c.last_seq + 1; -- the place at the end
    added integer := 0;
    is_new constant boolean := q.id is null;
    is_edit constant boolean := history.is_edit(q, said);
    beside constant boolean := not is_new and not is_edit and (a.status is not distinct from 'completed' or anew and coalesce(a.id, q.id) <> (
        select m.id from public.messages m
        where m.tenant_id = c.tenant_id and m.conversation_id = c.id and m.current order by m.seq desc limit 1));
    follows constant boolean := c.title in ('New Conversation', history.title_of_question(c)); -- nobody gave one
    each jsonb;
    appended public.messages[] := '{}';
begin
    if c.last_message_at >= moment and c.last_message_at < moment + interval '1 second' then
        moment := c.last_message_at + interval '1 microsecond';
    end if;
    update public.messages m
    set lease_until = null, status = case when m.content = '' then 'failed' else 'incomplete' end
    where m.tenant_id = c.tenant_id and m.conversation_id = c.id and m.lease_until is not null and m.reply_to = q.id
        and m.status = 'running' and not m.current;
    if is_new then
        added := -history.replace_behind(c.tenant_id, c.id, place, next);
        for each in select e.value from jsonb_array_elements(missing || said) with ordinality e(value, i) order by e.i loop
            q := history.add_question(c, each, new_message, next, moment);
            appended := appended || q;
            next := next + 1;
            moment := moment + interval '1 microsecond';
        end loop;
        added := added + cardinality(appended);
    elsif is_edit then
        added := -history.keep_version(q, said, next);
        next := next + 1;
    elsif a.id is not null and not beside then
        added := -history.replace_behind(c.tenant_id, c.id, a.seq - 1, a.seq + 1);
        update public.messages m set seq = next where m.tenant_id = c.tenant_id and m.id = a.id;
    end if;
    c.last_seq := next;
    a := history.add_attempt(q, attempt, case when is_new or is_edit or beside or a.id is null then next else a.seq end, moment, not beside,
        until, key, key_hash);
    if beside then
        update public.conversations o set last_seq = next where o.tenant_id = c.tenant_id and o.id = c.id;
        return;
    end if;
    if not is_new and not is_edit then
        perform history.store_metadata(q, said);
    end if;
    select m.* into q from public.messages m where m.tenant_id = c.tenant_id and m.id = q.id;
    if follows then
        c.title := history.title_of_question(c);
    end if;
    c.last_message_at := case when c.last_message_at > moment then (history.counted(c.tenant_id, c.id)).newest else moment end;
    c := history.turn_written(c, next, added + 1, case when is_new and added = cardinality(appended) then appended || a else '{}' end);
end $$;
$definition$);

insert into history.edition (edition, place, name, definition) values ('rows', 270, 'take_turn', $definition$-- Decides a turn of a conversation and writes it. In and out as in claim_turn, which calls it with a conversation that the caller may
-- change. Runs as the owner, because clients may not write the columns of a turn; so it looks only for the caller's own conversations.
create or replace function history.take_turn(
    conversation uuid, said jsonb, new_message uuid, target text, earlier jsonb, anew boolean, attempt uuid, lease interval,
    key text, key_hash text, most integer, characters integer, limits jsonb,
    out decision text, out title text, out question history.message, out answer history.message, out seen jsonb, out quota jsonb)
language plpgsql security definer set search_path = history_maintenance, pg_temp
as $$
declare
    tenant constant uuid := history.current_tenant();
    me constant uuid := history.user_id();
    c public.conversations := history.taken_over(tenant, me, conversation);
    keyed public.messages := history.made_with(tenant, me, key);
    asked record;
    q public.messages;
    a public.messages;
    meant record;
    begun record;
    own public.messages; -- the question that was sent, which may share the answer of q
    ending public.messages;
begin
    if keyed.id is null then -- the call again: its answer got lost
        keyed := history.known_message(tenant, c.id, attempt::text);
    end if;
    asked := history.question_asked(c, keyed, target, said, earlier, anew, key);
    q := asked.q;
    ending := history.known_message(tenant, c.id, said ->> 'id');
    if anew and target is not null and ending.id is distinct from q.id or q.id is not null and keyed.id is not null then
        said := null; -- what the list ends with is another question, or what came with the key is there, perhaps edited since
    end if;
    own := q;
    meant := history.answer_meant(q, said, anew);
    q := meant.q;
    a := meant.a;
    decision := case
        when a.id = attempt then 'granted'
        when not string_to_array(keyed.request_hash, ' ') && string_to_array(key_hash, ' ') and asked.decision is distinct from 'deleted' then 'other request'
        when asked.decision is not null then asked.decision
        when not q.current then 'replaced'
        when greatest(a.lease_until, q.lease_until) > clock_timestamp() then 'busy'
        when a.status = 'completed' and (keyed.status = 'completed' or not anew and not meant.edits) then 'answered'
        when history.collides(tenant, c.id, case when q.id is null then asked.place when anew or meant.edits then q.seq end, q.seq) then 'busy'
        else 'granted' end;
    c := history.take_results(c, case when decision in ('granted', 'answered') then earlier end);
    if decision = 'granted' and a.id is distinct from attempt then
        quota := history.grant_turn(limits);
        if own.id <> q.id then
            perform history.store_metadata(own, said);
        end if;
        begun := history.begin_attempt(c, q, a, meant.said, new_message, asked.missing, asked.place, anew, attempt,
            clock_timestamp() + lease, key, key_hash);
        c := begun.c;
        q := begun.q;
        a := begun.a;
    elsif decision = 'answered' then
        q := history.answer_again(c, asked.q, q, a, said, case when keyed.id is null then key end, key_hash);
    end if;
    seen := case when decision = 'granted' then history.seen_by_model(tenant, c.id, q.seq, most, characters) end;
    title := c.title;
    question := history.shown_message(q);
    answer := history.shown_message(a);
end $$;
$definition$);

insert into history.edition (edition, place, name, definition) values ('rows', 271, 'take_results', $definition$-- Takes the outcomes of tool calls that a client sends with a question behind the answer instead of with the answer alone, also while it
-- goes on. earlier: as in standing;
-- the answer has {id, role, parts}, parts as JSON in a string. What its calls do not take is left out. Out: the conversation
-- as it is then. Called by take_turn, which has the lock.
create or replace function history.take_results(c public.conversations, earlier jsonb) returns public.conversations
language plpgsql set search_path = history_maintenance, pg_temp
as $$
declare
    sent constant jsonb := jsonb_path_query_first(earlier, '$[*] ? (@.role == "assistant" && @.parts != null)');
    a public.messages;
    merged jsonb;
begin
    a := history.known_message(c.tenant_id, c.id, sent ->> 'id');
    if a.role = 'assistant' and a.current then
        merged := history.with_results(a.parts, (sent ->> 'parts')::jsonb);
    end if;
    if merged is not null and history.excess(merged, 4000000, 'parts') is null then
        update public.messages m set parts = merged where m.tenant_id = c.tenant_id and m.id = a.id;
        perform history.refuse_loss(found, 'messages');
        c := history.turn_written(c, c.last_seq, 0, '{}');
    end if;
    return c;
end $$;
$definition$);

insert into history.edition (edition, place, name, definition) values ('rows', 272, 'keep_key', $definition$-- Stores that a request with a key continued an answer, since the answer's own row has the key of the request that began it, and what of
-- the answer is not repeated: a.content, which an earlier attempt to continue it has said. Both in a row that is not current, place;
-- without such a text all_messages leaves it out, too. Called by continue_turn, which has the lock.
create or replace function history.keep_key(q public.messages, a public.messages, place bigint, key text, key_hash text) returns void
language sql set search_path = history_maintenance, pg_temp
as $$
    insert into public.messages (id, tenant_id, conversation_id, user_id, seq, role, content, metadata, created_at, status, current,
        reply_to, request_key, request_hash)
    select gen_random_uuid(), a.tenant_id, a.conversation_id, a.user_id, place, a.role, a.content,
        case when a.content = '' then jsonb_build_object('version_of', a.id) else '{"status": "incomplete"}' end,
        a.created_at, case when a.content = '' then 'failed' else 'incomplete' end, false, q.id, key, key_hash
    where key is not null or a.content <> ''
$$;
$definition$);

insert into history.edition (edition, place, name, definition) values ('rows', 273, 'answer_again', $definition$-- Stores what a message brings that has its answer already: other metadata, and the key of a request that has made nothing, so that
-- another body with it is refused. sent: the question that was sent; q: the one whose answer a is; said: as in take_turn; key: null for
-- none or a known one. Out: q as it is then. Called by take_turn, which has the lock.
create or replace function history.answer_again(
    c public.conversations, sent public.messages, q public.messages, a public.messages, said jsonb, key text, key_hash text)
returns public.messages
language plpgsql set search_path = history_maintenance, pg_temp
as $$
declare
    stored constant public.messages := history.store_metadata(sent, said);
    kept constant jsonb := case when key is not null then history.object_of(a.metadata) || jsonb_build_object('requests',
        coalesce(a.metadata -> 'requests', '{}') || jsonb_build_object(key, key_hash)) end;
begin
    if key is not null then
        a.content := ''; -- which is there
        perform history.keep_key(q, a, c.last_seq + 1, key, key_hash);
        update public.messages m set metadata = kept where m.tenant_id = a.tenant_id and m.id = a.id;
    end if;
    if key is not null or stored.metadata <> sent.metadata then
        perform history.turn_written(c, c.last_seq + (key is not null)::integer, 0, '{}');
    end if;
    return case when stored.id = q.id then stored else q end;
end $$;
$definition$);

insert into history.edition (edition, place, name, definition) values ('rows', 274, 'before_attempt', $definition$-- An answer as it was before the attempt that continues it, or that failed to. Called by continue_turn.
create or replace function history.before_attempt(a public.messages) returns public.messages
language plpgsql immutable set search_path = pg_catalog, pg_temp
as $$
declare
    had constant jsonb := history.had_before(a.metadata);
begin
    if had is not null then
        a.parts := jsonb_path_query_array(a.parts, '$[0 to $parts - 1]', had);
        a.content := left(a.content, (had -> 'characters')::integer);
    end if;
    return a;
end $$;
$definition$);

insert into history.edition (edition, place, name, definition) values ('rows', 275, 'own_element', $definition$-- The metadata of an answer that goes on. An element that it has from an array becomes one whose only text is the content, which changes:
-- its parts are those of the row by now. Called by continue_turn.
create or replace function history.own_element(a public.messages, metadata jsonb) returns jsonb
language plpgsql stable set search_path = history_maintenance, pg_temp
as $$
begin
    return case when jsonb_typeof(metadata -> 'legacy') = 'object' then history.kept(history.edited(
        history.element_of(a.id, a.conversation_id, a.user_id, a.role, a.content, metadata, a.created_at) - history.text_keys()
            || jsonb_build_object('content', a.content), a.role, a.content, metadata - 'legacy'), a.role, a.content) else metadata end;
end $$;
$definition$);

insert into history.edition (edition, place, name, definition) values ('rows', 276, 'continue_turn', $definition$-- Continues an answer whose tool calls a client has run: the results become part of it, and it is running again. If an attempt to
-- continue it ended without being complete, the same results are enough, and it goes on from where that attempt began. answer: its row;
-- client_parts: the client's, of which only results are taken. In and out as in claim_turn, which calls it with a conversation that the
-- caller may change. Runs as the owner, so it looks only for the caller's own conversations.
create or replace function history.continue_turn(
    conversation uuid, answer_id text, client_parts jsonb, attempt uuid, lease interval, key text, key_hash text,
    most integer, characters integer, limits jsonb,
    out decision text, out title text, out question history.message, out answer history.message, out seen jsonb, out quota jsonb)
language plpgsql security definer set search_path = history_maintenance, pg_temp
as $$
declare
    tenant constant uuid := history.current_tenant();
    me constant uuid := history.user_id();
    c public.conversations := history.taken_over(tenant, me, conversation);
    q public.messages;
    a public.messages;
    keyed constant public.messages := history.made_with(tenant, me, key);
    asked constant public.messages := history.question_of_key(keyed);
    before public.messages;
    refused text;
    merged jsonb;
    until constant timestamptz := clock_timestamp() + lease;
    kept jsonb;
begin
    a := history.known_message(tenant, c.id, answer_id);
    q := history.question_of(a);
    before := history.before_attempt(a);
    if a.role = 'assistant' then
        refused := history.refused_result(before.parts, client_parts);
        merged := coalesce(history.with_results(before.parts, client_parts), case
            when a.status <> 'completed' and client_parts @? '$[*].state ? (@ starts with "output-" || @ == "approval-responded")'
            then before.parts end);
    end if;
    decision := case
        when keyed.id is null and history.is_deleted(history.derived_id('request', key)) or keyed.id is not null and not (a.current and asked.current) then 'deleted'
        when not string_to_array(keyed.request_hash, ' ') && string_to_array(key_hash, ' ') then 'other request'
        when a.id is null then case when history.was_deleted(c.id, answer_id) then 'deleted' else 'unknown' end
        when keyed.id is null and (not a.current or a.seq < q.seq or q.id is distinct from (select l.id from history.last_question(tenant, c.id) l)) then 'replaced'
        when q.id is null then 'nothing'
        when a.metadata #>> '{attempt,id}' = attempt::text then 'granted'
        when greatest(a.lease_until, history.element_time(a.metadata #> '{attempt,until}')) > clock_timestamp() or history.collides(tenant, c.id, null, a.seq) then 'busy'
        when refused is not null then 'no result: ' || refused
        when merged is not null then 'granted'
        when a.parts is null or a.status <> 'completed' then 'no result: No tool call of the stored answer waits for a result.'
        else 'answered' end;
    if decision = 'granted' and a.metadata #>> '{attempt,id}' is distinct from attempt::text then
        perform history.refuse_message(null, null, merged, 0);
        quota := history.grant_turn(limits);
        kept := history.own_element(before, history.object_of(a.metadata) - 'ui_parts' || jsonb_build_object('status', 'running', 'attempt',
            jsonb_build_object('id', attempt, 'until', until, 'before', jsonb_build_object('parts', jsonb_array_length(merged),
                'characters', char_length(before.content)))) || case when key is null then '{}' else jsonb_build_object(
            'requests', coalesce(a.metadata -> 'requests', '{}') || jsonb_build_object(key, key_hash)) end);
        a.content := substr(a.content, char_length(before.content) + 1);
        perform history.keep_key(q, a, c.last_seq + 1, case when keyed.id is null then key end, key_hash);
        update public.messages m set content = before.content, parts = merged, status = 'running', lease_until = until, reply_to = q.id,
            metadata = kept where m.tenant_id = tenant and m.id = a.id returning m.* into a;
        perform history.refuse_loss(found, 'messages');
        c := history.turn_written(c, c.last_seq + 1, 0, '{}');
    end if;
    seen := history.seen_by_model(tenant, c.id, q.seq, most, characters);
    title := c.title;
    question := history.shown_message(q);
    answer := history.shown_message(a);
end $$;
$definition$);

insert into history.edition (edition, place, name, definition) values ('rows', 277, 'no_conversation', $definition$-- Why a turn has no conversation. nothing: whether it is to regenerate what is there. Out: a decision as in claim_turn, which calls it.
create or replace function history.no_conversation(conversation uuid, chat_id text, key text, nothing boolean) returns text
language plpgsql stable set search_path = pg_catalog, pg_temp
as $$
declare
    tenant constant uuid := history.current_tenant();
begin
    return case
        when conversation is not null and chat_id is null or exists ( -- another user's, which an admin reads
            select from public.conversations o where o.tenant_id = tenant and o.id = conversation) then 'missing'
        when history.is_deleted(conversation) or history.is_deleted(history.derived_id('request', key))
            or chat_id is null and key is not null or history.is_deleted(history.derived_id('chat', chat_id)) then 'deleted'
        when nothing then 'nothing'
        else 'missing' end;
end $$;
$definition$);

insert into history.edition (edition, place, name, definition) values ('rows', 278, 'claim_turn', $definition$-- Claims a turn: the caller that is granted it has the question answered, and nobody else.
-- In: conversation or chat_id (the client's own id), else new_conversation. message_id: the client's.
-- content: null with anew, for a question as it is stored; null without, to continue an answer, target, with the results of its tool
-- calls. ui_parts: JSON as text. target: the message that is edited or regenerated.
-- earlier: the client's list before it, [{id, role, content, metadata, parts}].
-- attempt: the answer's row; the same attempt again gets the same result. lease: how long nobody else may try.
-- most, characters: how much the model sees. limits: as in grant_turn, which raises PT429 when one is reached.
-- Out: the decision, in the words of Java's enum, of 'no result' with ': ' and a sentence for the caller; the turn; and quota, what
-- grant_turn says of a turn that is granted. A turn that is refused leaves no conversation.
-- Locks the conversation, as the caller. Called by Turns, before the model.
create or replace function history.claim_turn(
    conversation uuid, chat_id text, new_conversation uuid, message_id text, new_message uuid, content text, metadata jsonb,
    anew boolean, attempt uuid, lease interval, key text, key_hash text, most integer, characters integer,
    ui_parts text default null, target text default null, earlier jsonb default '[]', limits jsonb default '{}',
    out decision text, out conversation_id uuid, out title text,
    out question history.message, out answer history.message, out seen jsonb, out quota jsonb)
language plpgsql set search_path = pg_catalog, pg_temp
as $$
declare
    tenant constant uuid := history.current_tenant();
    said constant jsonb := case when content is not null
        then jsonb_build_object('id', message_id, 'content', content, 'metadata', metadata, 'parts', ui_parts) end;
    c public.conversations := history.lock_conversation(conversation, chat_id, key, null);
    was_there constant boolean := c.id is null and history.is_deleted(history.derived_id('chat', chat_id));
    is_about_one constant boolean := said is null -- that must be there
        or target is not null and not anew and (target is distinct from message_id or was_there);
    taken record;
begin
    if c.id is null and not is_about_one then
        begin
            c := history.lock_conversation(conversation, chat_id, key, new_conversation);
            if c.id is not null then
                taken := history.take_turn(
                    c.id, said, new_message, target, earlier, anew, attempt, lease, key, key_hash, most, characters, limits);
                if taken.decision not in ('granted', 'answered') then
                    raise exception using errcode = 'PT410';
                end if;
            end if;
        exception when sqlstate 'PT410' then -- with the refusal, but without the conversation; or it has been erased
            decision := case when c.id is null then 'deleted' end;
        end;
    end if;
    if c.id is null and decision is null and (
        history.hidden_from_caller(conversation)
        or (conversation is null or chat_id is not null)
            and not exists (select from public.conversations o where o.tenant_id = tenant and o.id = conversation) -- which an admin reads
            and history.hidden_from_caller(coalesce(
                history.derived_id('chat', chat_id), history.derived_id('chat-of-key', key), new_conversation)))
    then
        c := history.lock_conversation(conversation, chat_id, key, null);
        decision := case when c.id is null then 'hidden' end;
    end if;
    if c.id is null then
        decision := coalesce(decision, history.no_conversation(conversation, chat_id, key, anew and said is null));
        return;
    end if;
    if said is null and not anew then
        taken := history.continue_turn(c.id, target, ui_parts::jsonb, attempt, lease, key, key_hash, most, characters, limits);
    elsif taken is null then
        taken := history.take_turn(
            c.id, said, new_message, target, earlier, anew, attempt, lease, key, key_hash, most, characters, limits);
    end if;
    decision := taken.decision;
    conversation_id := c.id;
    title := taken.title;
    question := taken.question;
    answer := taken.answer;
    seen := taken.seen;
    quota := taken.quota;
end $$;
$definition$);

insert into history.edition (edition, place, name, definition) values ('rows', 279, 'store_piece', $definition$-- Writes what has arrived of an answer, unless it is null, as the owner. In and out as in flush_turn, which calls it.
create or replace function history.store_piece(conversation uuid, answer uuid, content text) returns boolean
language plpgsql security definer set search_path = history_maintenance, pg_temp
as $$
declare
    tenant constant uuid := history.current_tenant();
    me constant uuid := history.user_id();
    c public.conversations;
    a public.messages;
begin
    if content is null then -- nothing is locked, so it may be deleted at this moment: the next check finds that
        select o.* into c from public.conversations o
        where o.tenant_id = tenant and o.user_id = me and o.id = conversation;
    else
        select o.* into strict c from public.conversations o
        where o.tenant_id = tenant and o.user_id = me and o.id = conversation for no key update;
    end if;
    a := history.marked_with(c, answer);
    if content is not null and a.status = 'running' then
        perform history.refuse_message(content, null, null, 33554432);
        update public.messages m set content = store_piece.content where m.tenant_id = tenant and m.id = a.id;
        if a.current then
            perform history.turn_written(c, c.last_seq, 0, '{}');
        end if;
    end if;
    -- One that began before the switch has no row yet: that comes with its end.
    return coalesce(a.status = 'running' or a.role = 'user' and a.id <> answer, c.last_seq is null);
end $$;
$definition$);

insert into history.edition (edition, place, name, definition) values ('rows', 280, 'flush_turn', $definition$-- Stores what has arrived of an answer. answer: the attempt; content: null only to check. Out: false if the attempt is not running any
-- more (stopped, replaced, or deleted with its conversation), and its call should end. Locks the conversation, as the caller, if there
-- is something to store. Called by Turns, once a second while the model answers.
create or replace function history.flush_turn(conversation uuid, answer uuid, content text) returns boolean
language plpgsql set search_path = pg_catalog, pg_temp
as $$
declare
    tenant constant uuid := history.current_tenant();
    me constant uuid := history.user_id();
begin
    if content is not null then
        perform from public.conversations o
        where o.tenant_id = tenant and o.user_id = me and o.id = conversation for no key update;
    else
        perform from public.conversations o where o.tenant_id = tenant and o.user_id = me and o.id = conversation;
    end if;
    return found and history.store_piece(conversation, answer, content);
end $$;
$definition$);

insert into history.edition (edition, place, name, definition) values ('rows', 281, 'end_late', $definition$-- Creates the row of an attempt that has none, because it began in the other edition, or a later one continues the answer that it
-- continued; shown unless its question has been answered or replaced since. Called by store_end, which has the lock.
create or replace function history.end_late(c public.conversations, q public.messages, answer uuid) returns public.messages
language plpgsql set search_path = history_maintenance, pg_temp
as $$
declare
    other public.messages;
    a public.messages;
begin
    update public.messages m set lease_until = null, metadata = m.metadata - 'attempt'
    where m.tenant_id = c.tenant_id and m.id = q.id and m.metadata #>> '{attempt,id}' = answer::text;
    other := history.answer_of(c.tenant_id, c.id, q.id, q.seq);
    insert into public.messages as m (id, tenant_id, conversation_id, user_id, seq, role, content, metadata, created_at,
        status, current, reply_to)
    values (answer, c.tenant_id, c.id, c.user_id, c.last_seq + 1, 'assistant', '',
        jsonb_strip_nulls(jsonb_build_object('reply_to', q.id)), clock_timestamp(),
        case when other.status in ('running', 'completed') or other.parts is not null or not q.current then 'incomplete' else 'running' end, q.current and other.id is null, q.id)
    returning m.* into a;
    perform history.refuse_loss(found, 'messages');
    update public.conversations o set last_seq = a.seq, message_count = c.message_count + a.current::integer
    where o.tenant_id = c.tenant_id and o.id = c.id;
    return a;
end $$;
$definition$);

insert into history.edition (edition, place, name, definition) values ('rows', 282, 'end_attempt', $definition$-- Writes the end of an attempt to its row. An attempt beside a complete answer takes that answer's place if it is complete, or was
-- stopped with some text; what followed the answer is replaced. It does not if it has been replaced meanwhile, or a later attempt exists:
-- not one with a time to come, which is a service's. An answer that went on and failed is incomplete: it has what it had.
-- Called by store_end and store_stop, which have the lock.
create or replace function history.end_attempt(
    c public.conversations, q public.messages, a public.messages, status text, content text, metadata jsonb) returns public.messages
language plpgsql set search_path = history_maintenance, pg_temp
as $$
declare
    takes_place constant boolean := not a.current and coalesce(q.current, false) and a.status in ('running', 'stopped')
        and (end_attempt.status = 'completed' or end_attempt.status = 'stopped' and content <> '')
        and not exists (
            select from public.messages m
            where m.tenant_id = c.tenant_id and m.conversation_id = c.id and m.reply_to = q.id
                and m.created_at > a.created_at and m.created_at <= clock_timestamp() + interval '1 second');
    counts constant boolean := a.status = 'running' or a.metadata -> 'usage' is distinct from metadata -> 'usage'; -- and is no end again
    kept constant jsonb := a.metadata - '{attempt,finish_reason}'::text[] || metadata || jsonb_build_object('status',
            case when status = 'failed' and (content <> '' or a.parts is not null) then 'incomplete' else status end)
        || case when a.metadata #> '{attempt,before}' is not null -- the end may come again, and belongs to no later attempt
            then jsonb_build_object('attempt', (a.metadata -> 'attempt') - case
                when status = 'completed' then '{until,before}'::text[]
                when status <> 'stopped' or a.status <> 'running' then '{until}' -- else its maker has not heard yet that it was stopped
                else '{}' end) else '{}' end;
    turn record;
    added integer := 0;
begin
    turn := history.turn_of(kept);
    if takes_place then
        added := 1 - history.replace_behind(c.tenant_id, c.id, q.seq, a.seq);
    end if;
    update public.messages m
    set content = end_attempt.content, status = turn.status, metadata = kept, lease_until = null, current = a.current or takes_place,
        model = turn.model, input_tokens = turn.input_tokens, output_tokens = turn.output_tokens,
        parts = case when m.parts is not null then history.with_step(m.parts, end_attempt.content, a.metadata) end
    where m.tenant_id = c.tenant_id and m.id = a.id
    returning m.* into a;
    perform history.refuse_loss(found, 'messages');
    if a.current then
        c.last_message_at := case when takes_place and c.last_message_at > a.created_at then (history.counted(c.tenant_id, c.id)).newest
            else greatest(c.last_message_at, a.created_at) end;
        perform history.turn_written(c, c.last_seq, added, '{}');
    end if;
    if counts then
        perform history.count_tokens(metadata);
    end if;
    return a;
end $$;
$definition$);

insert into history.edition (edition, place, name, definition) values ('rows', 283, 'store_end', $definition$-- Writes the end of an attempt. Runs as the owner, for the caller's own conversation. In and out as in finish_turn, which calls it.
create or replace function history.store_end(
    conversation uuid, question uuid, answer uuid, status text, content text, metadata jsonb,
    out outcome text, out title text, out message history.message)
language plpgsql security definer set search_path = history_maintenance, pg_temp
as $$
declare
    tenant constant uuid := history.current_tenant();
    me constant uuid := history.user_id();
    c public.conversations := history.taken_over(tenant, me, conversation);
    q public.messages;
    a public.messages;
begin
    perform history.refuse_message(content, metadata, null, 33554432);
    a := history.marked_with(c, answer);
    if a.role = 'user' and a.id <> answer then
        q := a;
        a := null;
    end if;
    if q.id is null and (a.id is not null or not history.is_deleted(c.id)) then -- else it was for a conversation that had this id before
        q := history.known_message(tenant, c.id, coalesce(a.reply_to, question)::text);
    end if;
    if a.id is null and (q.id is null or history.is_deleted(answer)) then
        outcome := 'missing';
        perform history.count_tokens(metadata);
        return;
    end if;
    if a.id is null then
        a := history.end_late(c, q, answer);
        select o.* into c from public.conversations o where o.tenant_id = tenant and o.id = c.id;
    end if;
    outcome := case when not a.current and a.status in ('incomplete', 'failed') then 'replaced' else 'stored' end;
    if a.status = 'stopped' then -- by its user, who knows, whatever took its place afterwards
        if starts_with(content, a.content) then -- with what arrived before its maker heard of it
            a := history.end_attempt(c, q, a, 'stopped', content, metadata);
        end if;
    elsif a.status = 'running' or outcome = 'replaced' then
        a := history.end_attempt(c, q, a, status, content, metadata);
    end if;
    if a.status = 'completed' and a.content <> '' and not a.current then
        outcome := 'replaced';
    end if;
    title := c.title;
    message := history.shown_message(a);
end $$;
$definition$);

insert into history.edition (edition, place, name, definition) values ('rows', 284, 'finish_turn', $definition$-- Stores the end of an attempt; may be repeated. status: completed, incomplete, failed or stopped; metadata: stored with it. An attempt
-- that was stopped stays so, and is stored. One that began before expand has no row yet, and gets it, if its question is there. Out:
-- stored, or replaced (stored but not shown, because another attempt or question took its place), with the title and the answer; missing:
-- the conversation or the message has been deleted; hidden: the policies hide it from its user. Locks the conversation, as the caller.
-- Called by Turns.
create or replace function history.finish_turn(
    conversation uuid, question uuid, answer uuid, status text, content text, metadata jsonb,
    out outcome text, out title text, out message history.message)
language plpgsql set search_path = pg_catalog, pg_temp
as $$
declare
    tenant constant uuid := history.current_tenant();
    me constant uuid := history.user_id();
    ended record;
begin
    perform from public.conversations o
    where o.tenant_id = tenant and o.user_id = me and o.id = conversation for no key update;
    if not found and history.hidden_from_caller(conversation) then
        perform from public.conversations o
        where o.tenant_id = tenant and o.user_id = me and o.id = conversation for no key update;
        outcome := 'hidden';
    end if;
    if not found then
        perform history.count_tokens(metadata);
        outcome := coalesce(outcome, 'missing');
        return;
    end if;
    ended := history.store_end(conversation, question, answer, status, content, metadata);
    outcome := ended.outcome;
    title := ended.title;
    message := ended.message;
end $$;
$definition$);

insert into history.edition (edition, place, name, definition) values ('rows', 285, 'read_turn', $definition$-- The question and the answer of an attempt, or of the newest running one. Runs as the owner, since an attempt beside another answer is
-- not shown; for the caller's own conversation. Called by running_turn.
create or replace function history.read_turn(conversation uuid, attempt uuid, out question history.message, out answer history.message)
language plpgsql stable security definer set search_path = history_maintenance, pg_temp
as $$
declare
    tenant constant uuid := history.current_tenant();
    me constant uuid := history.user_id();
    c public.conversations;
    q public.messages;
    a public.messages;
begin
    select o.* into c from public.conversations o where o.tenant_id = tenant and o.user_id = me and o.id = conversation;
    if attempt is not null then
        select m.* into a from public.messages m where m.tenant_id = tenant and m.conversation_id = c.id and m.id = attempt;
    else
        select m.* into a from public.messages m
        where m.tenant_id = tenant and m.conversation_id = c.id and m.lease_until > clock_timestamp() and m.role = 'assistant'
        order by m.seq desc limit 1;
    end if;
    select m.* into q from public.messages m where m.tenant_id = tenant and m.conversation_id = c.id and m.id = a.reply_to;
    if q.id is not null then
        question := history.shown_message(q);
        answer := history.shown_message(a);
    end if;
end $$;
$definition$);

insert into history.edition (edition, place, name, definition) values ('rows', 286, 'running_turn', $definition$-- The turn of an attempt that another request is running: the one named, or the newest in the caller's conversation with id or chat_id.
-- Out: the turn, with status running while it is; null columns if there is none. Locks nothing. Called by Turns, to resume an answer.
create or replace function history.running_turn(
    conversation uuid, chat_id text, attempt uuid,
    out conversation_id uuid, out title text, out question history.message, out answer history.message)
language plpgsql stable set search_path = pg_catalog, pg_temp
as $$
declare
    tenant constant uuid := history.current_tenant();
    me constant uuid := history.user_id();
    chat constant uuid := history.derived_id('chat', chat_id);
    c public.conversations;
    read record;
begin
    select o.* into c from public.conversations o
    where o.tenant_id = tenant and o.user_id = me and o.id in (conversation, chat) order by o.id = conversation desc limit 1;
    read := history.read_turn(c.id, attempt);
    if (read.question).id is not null then
        conversation_id := c.id;
        title := c.title;
        question := read.question;
        answer := read.answer;
    end if;
end $$;
$definition$);

insert into history.edition (edition, place, name, definition) values ('rows', 287, 'store_stop', $definition$-- Marks the attempts of a conversation as stopped, as the owner. In and out as in stop_turn, which calls it.
create or replace function history.store_stop(conversation uuid) returns history.message
language plpgsql security definer set search_path = history_maintenance, pg_temp
as $$
declare
    tenant constant uuid := history.current_tenant();
    me constant uuid := history.user_id();
    c public.conversations := history.taken_over(tenant, me, conversation);
    q public.messages;
    a public.messages;
    stopped history.message;
begin
    for a in
        select m.* from public.messages m
        where m.tenant_id = tenant and m.conversation_id = c.id and m.role = 'assistant' and m.lease_until > clock_timestamp()
        order by m.seq
    loop
        select o.* into c from public.conversations o where o.tenant_id = tenant and o.id = c.id;
        select m.* into q from public.messages m where m.tenant_id = tenant and m.conversation_id = c.id and m.id = a.reply_to;
        a := history.end_attempt(c, q, a, 'stopped', a.content, '{}');
        stopped := history.shown_message(a);
    end loop;
    return stopped;
end $$;
$definition$);

insert into history.edition (edition, place, name, definition) values ('rows', 288, 'stop_turn', $definition$-- Ends the running answer in the caller's conversation with id or chat_id, whoever runs it; what has arrived is kept, as stopped. Out:
-- the answer, the newest of several; null columns if none is running. Locks the conversation, as the caller. Called by Turns.
create or replace function history.stop_turn(conversation uuid, chat_id text) returns history.message
language plpgsql set search_path = pg_catalog, pg_temp
as $$
declare
    tenant constant uuid := history.writing_tenant();
    me constant uuid := history.user_id();
    chat constant uuid := history.derived_id('chat', chat_id);
    c public.conversations;
begin
    select o.* into c from public.conversations o
    where o.tenant_id = tenant and o.user_id = me and o.id in (conversation, chat)
    order by o.id = conversation desc limit 1 for no key update;
    return case when found then history.store_stop(c.id) end;
end $$;
$definition$);

insert into history.edition (edition, place, name, definition) values ('rows', 289, 'abandon_turn', $definition$-- Ends an attempt whose user has lost the membership meanwhile, so that its row does not stay running. Runs as the owner, since such a
-- user may write nothing, and changes only an attempt of the user's own. Called by Turns, after a PT403.
create or replace function history.abandon_turn(conversation uuid, answer uuid) returns void
language plpgsql security definer set search_path = history_maintenance, pg_temp
as $$
declare
    me constant uuid := history.user_id();
    c public.conversations;
    q public.messages;
    a public.messages;
begin
    select o.* into c from public.conversations o where o.user_id = me and o.id = conversation for no key update;
    a := history.marked_with(c, answer);
    if a.status = 'running' then
        select m.* into q from public.messages m
        where m.tenant_id = c.tenant_id and m.conversation_id = c.id and m.id = a.reply_to;
        perform history.end_attempt(c, q, a, case a.content when '' then 'failed' else 'incomplete' end, a.content, '{}');
    end if;
end $$;
$definition$);

-- What a query gives to a caller, as JSON. In: the database role, the claims of the token. Out: null where the role may not read it.
-- Leaves the role as it was, and locks nothing. Called by check_isolation and check_plans.
create or replace function history.as_caller(caller text, claims jsonb, query text) returns jsonb
language plpgsql set search_path = pg_catalog, pg_temp
as $$
declare
    before constant text := current_setting('role');
    given jsonb;
begin
    perform set_config('request.jwt.claims', claims::text, true);
    perform set_config('role', caller, true);
    execute query into given;
    perform set_config('role', before, true);
    return given;
exception when insufficient_privilege then
    if not pg_has_role(caller, 'member') then
        raise;
    end if;
    return null;
end $$;

-- How many rows callers see of every table with tenants' data, and how many they may see. A stranger may see nothing, a member
-- their own rows, and an admin the tenant's. Out: a row for each caller and table; seen is null where they may not read
-- it; blocks says whether the table is one of ours. Changes and locks nothing. Called by check, in one snapshot.
create or replace function history.check_isolation()
returns table (caller text, relation text, seen bigint, allowed bigint, blocks boolean)
language plpgsql set search_path = history_maintenance, pg_temp
as $$
declare
    largest record;
    each record;
begin
    select c.tenant_id, c.user_id into largest
    from public.conversations c join public.tenant_users u on u.tenant_id = c.tenant_id and u.user_id = c.user_id
    group by c.tenant_id, c.user_id order by count(*) desc limit 1;

    for each in
        with member as (
            (select 'the user with most conversations' as caller, u.* from public.tenant_users u
                where u.tenant_id = largest.tenant_id and u.user_id = largest.user_id)
            union all
            (select 'another member of the tenant', u.* from public.tenant_users u
                where u.tenant_id = largest.tenant_id and u.user_id <> largest.user_id order by u.role = 'admin' limit 1)
            union all
            (select 'a member of another tenant', u.* from public.tenant_users u where u.tenant_id <> largest.tenant_id limit 1)
        ), person as (
            select p.*, null::uuid as tenant_id, null::uuid as user_id, false as is_admin
            from (values
                ('somebody without a token', 'anon', jsonb_build_object('role', 'anon')),
                ('a made-up user of no tenant', 'authenticated', jsonb_build_object('sub', gen_random_uuid())),
                ('a made-up user whose token names the largest tenant', 'authenticated',
                    jsonb_build_object('sub', gen_random_uuid(), 'tenant_id', largest.tenant_id))) p(caller, role, claims)
            union all
            select format('%s (user %s of tenant %s)', m.caller, m.user_id, m.tenant_id), 'authenticated',
                jsonb_build_object('sub', m.user_id, 'tenant_id', m.tenant_id), m.tenant_id, m.user_id, m.role = 'admin'
            from member m
        )
        select p.*, r.relation
        from person p join (values ('public.conversations', true), ('public.messages', true), ('public.chat_sessions', true),
            ('public.tenants', false), ('public.tenant_users', false), ('history.quarantine', false), ('history.remembered', false),
            ('history.progress', false), ('history.state', false), ('history.usage', false)) r(relation, has_own) on r.has_own or p.user_id is null
        where to_regclass(r.relation) is not null
    loop
        caller := each.caller;
        relation := each.relation;
        seen := history.as_caller(each.role, each.claims, 'select to_jsonb(count(*)) from ' || relation::regclass)::bigint;
        allowed := 0;
        if each.user_id is not null then
            execute format('select count(*) from %s t where t.tenant_id = $1 and (t.user_id = $2 or $3)%s', relation::regclass,
                case when relation = 'public.messages' then ' and t.current' end) into allowed
                using each.tenant_id, each.user_id, each.is_admin;
        end if;
        blocks := relation not in ('public.tenants', 'public.tenant_users');
        return next;
    end loop;
end $$;

-- How the lists and conversations of the API are read for the user with most conversations, and for the conversation with most
-- messages. Out: a row for each statement; whole says whether it reads or sorts everything. Called by check. Locks nothing.
create or replace function history.check_plans()
returns table (statement text, nodes text, buffers bigint, milliseconds numeric, whole boolean)
language plpgsql set search_path = history_maintenance, pg_temp
as $$
declare
    each record;
    large text;
    plan jsonb;
begin
    for each in
        with reader as (
            (select c.tenant_id, c.user_id, null::uuid as id from public.conversations c
                join public.tenant_users u on u.tenant_id = c.tenant_id and u.user_id = c.user_id
                group by c.tenant_id, c.user_id order by count(*) desc limit 1)
            union all
            (select c.tenant_id, c.user_id, c.id from public.conversations c
                join public.tenant_users u on u.tenant_id = c.tenant_id and u.user_id = c.user_id
                order by coalesce(c.message_count, 0) desc limit 1)
        )
        select s.name, r.tenant_id, r.user_id, s.relation, format(s.text, r.tenant_id, r.user_id, r.id) as text
        from reader r join (values
            (1, 'list', false, 'public.conversations', 'select c.* from public.conversations c
                where c.tenant_id = %1$L and c.user_id = %2$L and not c.archived
                order by case when c.last_message_at is not null then c.last_message_at
                    when c.created_at is not null then c.created_at else ''-infinity'' end desc, c.id desc limit 21'),
            (2, 'list of the tenant', false, 'public.conversations', 'select c.* from public.conversations c
                where c.tenant_id = %1$L and not c.archived
                order by case when c.last_message_at is not null then c.last_message_at
                    when c.created_at is not null then c.created_at else ''-infinity'' end desc, c.id desc limit 21'),
            (3, 'get', true, 'public.conversations', 'select c.* from public.conversations c
                where c.tenant_id = %1$L and c.id = %3$L'),
            (4, 'get its messages', true, 'public.messages', 'select m.* from public.messages m
                where m.tenant_id = %1$L and m.conversation_id = %3$L order by m.seq desc limit 51')
        ) s(place, name, of_one, relation, text) on s.of_one = (r.id is not null)
        order by s.place
    loop
        -- Of a table so small that reading all of it is cheapest, the plan that a large one would have.
        large := case when pg_relation_size(each.relation) > 8388608 then 'on' else 'off' end;
        perform set_config('enable_seqscan', large, true), set_config('enable_sort', large, true);
        plan := history.as_caller('authenticated', jsonb_build_object('sub', each.user_id, 'tenant_id', each.tenant_id),
            'explain (analyze, buffers, format json) ' || each.text) -> 0;
        statement := each.name;
        milliseconds := round((plan ->> 'Execution Time')::numeric, 2);
        buffers := (plan -> 'Plan' ->> 'Shared Hit Blocks')::bigint + (plan -> 'Plan' ->> 'Shared Read Blocks')::bigint;
        select string_agg(n ->> 'Node Type' || coalesce(' on ' || coalesce(n ->> 'Index Name', n ->> 'Relation Name'), ''), ', '),
            bool_or(n ->> 'Node Type' = 'Sort' or (n ->> 'Rows Removed by Filter')::bigint > 1000
                or n ->> 'Node Type' ~ 'Seq Scan' and n ->> 'Relation Name' in ('conversations', 'messages'))
        into nodes, whole
        from jsonb_path_query(plan, 'strict $.** ? (exists (@."Node Type"))') n;
        return next;
    end loop;
end $$;

-- When the old name was last used, as far as PostgreSQL can tell: it keeps no record of who reads a view. Called by status and complete.
create or replace function history.old_name() returns text
language plpgsql stable set search_path = pg_catalog, pg_temp
as $$
declare
    written constant bigint := (select w.last_value from history.old_name_written w);
    users constant text := (
        select string_agg(distinct format('%s (user %s)', coalesce(nullif(a.application_name, ''), 'pid ' || a.pid), a.usename), ', ')
        from pg_stat_activity a
        where a.datname = current_database() and a.pid <> pg_backend_pid() and a.query ~* '\ychat_sessions\y');
begin
    return case written when 0 then 'No array was written through the old name chat_sessions since this was first looked at.'
            else format('An array was last written through the old name chat_sessions at about %s.',
                to_timestamp(written)::timestamptz(0)) end
        || ' Reads leave no trace; '
        || coalesce('the last statement of these connections names it: ' || users, 'the last statement of no open connection names it')
        || '.';
end $$;

-- The row at the end of the file by hand: the counts, and in remarks what a person should know. Called by that file.
create or replace function history.by_hand(
    out conversations bigint, out messages bigint, out quarantined bigint, out phase text, out remarks text)
language plpgsql set search_path = history_maintenance, pg_temp
as $$
begin
    remarks := coalesce(current_setting('history.remarks', true), '');
    perform set_config('history.by_hand', '', false), set_config('history.remarks', '', false);
    phase := (select s.phase from history.state s);
    remarks := concat_ws(' ', nullif(remarks, ''), (
        select string_agg(format('%s: %s. %s', d.object, d.finding, d.remedy), ' ') from history.differences(phase) d where d.blocks));
    if phase in ('migrated', 'complete') then
        select count(*) into conversations from public.conversations;
        select count(*) into messages from public.messages;
        select count(*) into quarantined from history.quarantine;
    else
        remarks := concat_ws(' ', 'Not migrated: look at the errors above, and run the file again.', remarks);
    end if;
end $$;

-- Limited mode: before the migration the functions read and write chat_sessions as the caller. Not granted if no policy binds callers,
-- because the grant alone would show everybody's sessions to all of them.
do $$
declare
    sessions regclass := (
        select c.oid from pg_catalog.pg_class c where c.oid = to_regclass('public.chat_sessions') and c.relkind = 'r'
            and c.relrowsecurity);
begin
    if exists (select from unnest('{select,insert,update,delete}'::text[]) p where not has_table_privilege('authenticated', sessions, p)) then
        grant select, insert, update, delete on public.chat_sessions to authenticated;
    end if;
exception when insufficient_privilege then
    raise warning 'authenticated could not be granted access to chat_sessions: %', sqlerrm;
end $$;

-- Defines the functions of the API for the current phase; none if there are no tables.
do $$
begin
    if (select s.phase from history.state s) <> 'prepared' then
        perform history.use_edition('rows');
    elsif to_regclass('public.chat_sessions') is not null then
        perform history.use_edition('arrays');
    end if;
end $$;

select history.remember_definitions('{roles,state,retired,tables,tables,add_columns,types,version_of,shown_session,unseen,first_words,migration_pending,use_edition,to_uuid,claims,user_id,chosen_tenant,my_tenants,my_admin_tenants,current_tenant,writing_tenant,owns_conversation,uuid_of,secret,exists_with,hash_of_key,derived_id,is_reserved,is_deleted,was_deleted,names_of,return_key,forget_conversation,keep_deletion,element_id,object_of,merge_patch,slice,string_in,decoded,list_path,unwrapped,wrapped,list_of,element_count,appended,role_keys,text_keys,role_word,object_in,body_of,role_of,text_in,text_of,ui_parts,message_of,iso_words,element_time,time_keys,time_of,is_lifted,kept,elements,parts_of,with_parts,sent_parts,without_data,result_of,with_results,other_result,refused_result,had_before,with_step,element_of,with_text,edited,time_before,rebuilt,turn_keys,sent_metadata,field_of,turn_of,with_names,restore_replaced,question_meant,counted,take_over,has_endless_number,excess,is_deep,refuse_growth,refuse_loss,refuse_message,limit_in,recent_turns,grant_turn,count_tokens,conversation_limited,message_limited,array_limited,next_version,conversation_asked,id_refused,labelled_again,revision_sent,conversation_written,owner_changed,conversation_deleted,erased_refused,put,remove,old_name_used,array_inserted,array_stored,put_changed,written_by_api,with_api,places,rewrite,array_rewritten,message_inserted,message_allowed,message_updated,message_added,remove_unasked,rebuild_array,messages_changed,remember,convert,standbys_behind,convert_alone,backfill_batch,backfill_slice,entry_edited,release_entries,release_batch,verify_batch,orphans,differing,mislabelled,relabel,receipt,conversation_table,retentions,due,refuse_in_arrays,forget_batch,forget_end,imported_id,import_lines,enter,beat,make_tenants,begin_fresh,membership_policies,session_policies,session_triggers,redefine_trigger,grants_of,carry_policies,carry_triggers,carry_grants,restore_team,original_of,repair_membership_policies,expand,let_listen,join_realtime,confirmation,is_confirmed,drop_arrays,complete,restore_sessions,set_aside,roll_back,usage_by_day,upgrade,upgrade_2,owner,callable,wanted_relations,wanted_columns,wanted_triggers,wanted_policies,role_differences,login_differences,setting_differences,relation_differences,column_differences,constraint_differences,key_differences,index_differences,function_differences,trigger_differences,policy_differences,grant_differences,differences,guard,make_view,remember_definitions,list_conversations,get_conversation,create_conversation,get_message,delete_message,patch_conversation,delete_conversation,lock_session,said,seen_in_array,mark_attempt,failed_in_array,kept_aside,named_in_array,standing_in_array,question_in_array,claim_turn,flush_turn,finish_turn,running_turn,stop_turn,abandon_turn,shown_conversation,labelled_ids,page_of_list,list_conversations,conversation_meant,came_to_nothing,pending_messages,pending_count,replaced_by,all_messages,messages_between,get_conversation,known_message,any_message,get_message,remove_message,delete_message,create_conversation,patch_conversation,delete_conversation,lock_conversation,hidden_from_caller,taken_over,last_question,question_of,marked_with,is_edit,standing,answer_of,answer_meant,made_with,collides,replace_behind,question_metadata,store_metadata,keep_version,title_of_question,followed_title,turn_written,seen_by_model,shown_message,shown_state,question_known,question_of_key,question_asked,add_question,add_attempt,begin_attempt,take_turn,take_results,keep_key,answer_again,before_attempt,own_element,continue_turn,no_conversation,claim_turn,store_piece,flush_turn,end_late,end_attempt,store_end,finish_turn,read_turn,running_turn,store_stop,stop_turn,abandon_turn,as_caller,check_isolation,check_plans,old_name,by_hand,limited_mode,use_current}', true);
$file$;
    update history.state set version = '1.0.0-SNAPSHOT';
end $definitions$;
$statement$;

    if (select phase from history.state) = 'prepared' and to_regclass('public.chat_sessions') is not null then
        if pg_table_size('public.chat_sessions') < most * 4000 then
            execute 'select coalesce(sum(history.element_count(messages)), 0) from public.chat_sessions' into messages;
        else
            messages := pg_table_size('public.chat_sessions') / 500; -- to count them would take the minute
        end if;
    end if;
    if messages > most then
        raise exception 'Nothing was changed: chat_sessions holds some % messages, and up to % fit into the minute of an editor.',
                messages, most
            using hint = format('Use the migration function, or its jar on a command line (java -jar migration-function.jar migrate): '
                'they work while people write. Or, while nobody does, psql -c "set history.most_messages = %s" -f with this file.',
                messages + messages / 10);
    end if;
    perform pg_catalog.set_config('history.remarks', trim(remarks), false);
    perform pg_catalog.set_config('history.by_hand', 'ready', false);
end $migration$;

do $$
declare
    phase_before text;
begin
    if current_setting('history.by_hand', true) is distinct from 'ready' then
        raise exception 'The first statement has not succeeded, so this one does nothing: run the whole file.';
    end if;
    if not pg_try_advisory_xact_lock(7310868, 1) then
        raise exception 'Another run of the migration is in progress.';
    end if;
    perform set_config('search_path', 'history_maintenance, pg_temp', true);
    perform set_config('role', history.owner(), true);
    while history.upgrade() is not null loop
    end loop;
    phase_before := (select phase from history.state);
    perform history.guard(phase_before);
    perform history.begin_fresh();
    if (select phase from history.state) = 'prepared' then
        perform history.repair_membership_policies();
        raise notice 'expand: %', history.expand();
    end if;
end $$;

do $$
declare
    nil constant uuid := '00000000-0000-0000-0000-000000000000';
    batch record;
    elements bigint := 0;
begin
    perform set_config('search_path', 'history_maintenance, pg_temp', true);
    if current_setting('history.by_hand', true) is distinct from 'ready' then
        return;
    elsif (select phase from history.state) = 'prepared' then
        return;
    end if;
    perform set_config('role', history.owner(), true);
    if (select phase from history.state) = 'expanded' then
        loop
            select * into batch from history.backfill_batch(1000, 8388608, 10000);
            exit when not batch.more;
            elements := elements + batch.elements;
            if batch.elements + batch.conversations = 0 then
                perform pg_sleep(0.05); -- somebody has locked what is left
            end if;
        end loop;
        perform history.enter('backfilled');
        raise notice 'backfill: % elements', elements;
    end if;
    perform history.release_batch(nil, nil, 2147483647);
    perform history.relabel(history.mislabelled());
end $$;

do $$
declare
    differing uuid[];
begin
    perform set_config('search_path', 'history_maintenance, pg_temp', true);
    if current_setting('history.by_hand', true) is distinct from 'ready' then
        return;
    elsif (select phase from history.state) <> 'backfilled' then
        return;
    end if;
    perform set_config('role', history.owner(), true);
    differing := history.differing();
    if differing <> '{}' then
        raise exception 'These conversations differ from their rows: %', differing;
    end if;
    perform history.guard('migrated');
    if history.orphans() > 0 then
        raise exception '% messages have no conversation', history.orphans();
    end if;
    perform history.join_realtime();
    perform history.enter('migrated');
    if (select fresh from history.state) then
        perform history.drop_arrays();
    end if;
end $$;

select * from history.by_hand();
