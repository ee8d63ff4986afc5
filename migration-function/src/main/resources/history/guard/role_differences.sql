-- Wrong attributes and rights of the functions' role and of the schema; a role's attributes are for an administrator to change. A
-- schema history_maintenance must not exist: functions with that search path would look there.
create or replace function history.role_differences()
returns table (place integer, object text, finding text, remedy text, mend text)
language sql stable set search_path = pg_catalog, pg_temp
as $$
    with held as materialized (
        select case a.grantee when 0 then 'public' else a.grantee::regrole::text end as grantee, a.privilege_type
        from pg_namespace n cross join lateral aclexplode(n.nspacl) a where n.nspname = 'history' and a.grantee <> n.nspowner
    ), wanted as (
        select r.rolname::text as grantee from pg_roles r where r.rolname in ('authenticated', 'service_role', 'history_functions')
    ), login as (
        select * from pg_roles r where r.rolname = 'history_functions'
    )
    select 12, 'schema history', format('%s may not use it', w.grantee), null, format('grant usage on schema history to %I', w.grantee)
    from wanted w where not exists (select from held h where h.grantee = w.grantee and h.privilege_type = 'USAGE')
    union all
    select 13, 'schema history', format('%s may %s', h.grantee, lower(h.privilege_type)), null,
        format('revoke %s on schema history from %s', lower(h.privilege_type), h.grantee)
    from held h where h.privilege_type <> 'USAGE' or h.grantee in ('public', 'anon')
    union all
    select 97, 'history_functions', 'is a superuser, bypasses policies, or may create roles or replicate',
        'As an administrator: alter role history_functions nosuperuser nobypassrls nocreaterole noreplication;', null
    from login l where l.rolsuper or l.rolbypassrls or l.rolcreaterole or l.rolreplication
    union all
    select 97, 'history_functions', 'may become ' || r.rolname, format('revoke %I from history_functions;', r.rolname), null
    from login l join pg_roles r on r.rolname not in ('history_functions', 'authenticated')
    where not l.rolsuper and pg_has_role(l.oid, r.oid, 'member')
    union all
    select 98, 'history_functions', 'keeps a connection open for as long as a function is frozen',
        'As an administrator: alter role history_functions set idle_session_timeout = ''300s'';', null
    from login l where not exists (select from pg_db_role_setting s cross join lateral unnest(s.setconfig) c(setting)
        where s.setrole = l.oid and c.setting like 'idle_session_timeout=%')
    union all
    select 98, 'history_functions', format('may have %s connections, of %s that the server has for everybody', l.rolconnlimit, s.setting),
        'Set FUNCTIONS_CONNECTIONS to fewer and run migrate.', null
    from login l join pg_settings s on s.name = 'max_connections' and l.rolconnlimit >= s.setting::integer
    union all
    select 97, 'history_functions', 'owns ' || c.oid::regclass,
        format('alter table %s owner to %I;', c.oid::regclass, history.owner()), null
    from pg_class c join login l on l.oid = c.relowner where c.relkind in ('r', 'p', 'v', 'm', 'f')
    union all
    select 97, 'schema history_maintenance', 'must not exist: functions look there', 'drop schema history_maintenance;', null
    where to_regnamespace('history_maintenance') is not null
    union all
    select 97, 'the database', format('%s may create schemas in it', case r.grantee when 'public' then 'everybody' else r.grantee end),
        format('revoke create on database %I from %s;', current_database(), r.grantee), null
    from pg_database d cross join lateral aclexplode(d.datacl) a
    cross join lateral (select case a.grantee when 0 then 'public' else a.grantee::regrole::text end) r(grantee)
    where d.datname = current_database() and a.privilege_type = 'CREATE'
        and r.grantee in ('public', 'anon', 'authenticated', 'history_functions')
$$;
