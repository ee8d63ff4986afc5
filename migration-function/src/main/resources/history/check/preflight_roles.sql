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
