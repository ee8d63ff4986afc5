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
