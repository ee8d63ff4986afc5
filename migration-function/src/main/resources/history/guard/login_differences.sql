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
