-- The roles that the dumps name, as a platform and an earlier migration by owner_plain left them: a dump holds no roles.
do $$
declare
    wanted record;
begin
    for wanted in select * from (values
        ('anon', 'nologin noinherit'), ('authenticated', 'nologin noinherit'), ('service_role', 'nologin noinherit'),
        ('history_functions', 'login noinherit'), ('owner_plain', 'login createrole')) r(name, attributes)
    loop
        if not exists (select from pg_roles where rolname = wanted.name) then
            execute format('create role %I %s', wanted.name, wanted.attributes);
        end if;
    end loop;
    if current_setting('server_version_num')::integer >= 160000 then
        execute 'grant history_functions to owner_plain with admin true, inherit false, set false';
    end if;
end $$;
grant anon, authenticated, service_role to owner_plain with admin option;
grant authenticated to history_functions;
