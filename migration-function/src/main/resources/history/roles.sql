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
