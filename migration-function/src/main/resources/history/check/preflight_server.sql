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
