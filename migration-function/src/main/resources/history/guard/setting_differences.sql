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
