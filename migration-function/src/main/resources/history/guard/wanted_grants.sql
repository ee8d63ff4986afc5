-- What the roles of the platform may do with relations of ours in a phase; nothing else, and never with a grant option.
create or replace function history.wanted_grants(target text) returns table (relation text, grantee text, privilege text)
language sql immutable set search_path = pg_catalog, pg_temp
as $$
    select t.relation, r.name, p.name
    from (values
        ('public.conversations', target <> 'prepared'),
        ('public.messages', target <> 'prepared'),
        ('public.chat_sessions', target in ('expanded', 'backfilled', 'migrated'))) t(relation, exists)
    cross join (values ('authenticated'), ('service_role')) r(name)
    cross join (values ('SELECT'), ('INSERT'), ('UPDATE'), ('DELETE')) p(name)
    where t.exists
    union all
    select 'history.quarantine', 'service_role', p.name from (values ('SELECT'), ('UPDATE'), ('DELETE')) p(name)
$$;
