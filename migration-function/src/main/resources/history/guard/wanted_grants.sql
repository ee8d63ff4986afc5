-- What the roles of the platform may do with relations of ours in a phase; nothing else, and never with a grant option. columns: those
-- that a client of the data API may write, where others are for the functions of a turn alone; null: all.
create or replace function history.wanted_grants(target text)
returns table (relation text, grantee text, privilege text, columns text)
language sql immutable set search_path = pg_catalog, pg_temp
as $$
    select t.relation, r.name, p.name,
        case when t.relation = 'public.messages' and r.name = 'authenticated' and p.name in ('INSERT', 'UPDATE')
            then 'content, conversation_id, created_at, id, metadata, role, seq, tenant_id, user_id' end
    from (values
        ('public.conversations', target <> 'prepared'),
        ('public.messages', target <> 'prepared'),
        ('public.chat_sessions', target in ('expanded', 'backfilled', 'migrated'))) t(relation, exists)
    cross join (values ('authenticated'), ('service_role')) r(name)
    cross join (values ('SELECT'), ('INSERT'), ('UPDATE'), ('DELETE')) p(name)
    where t.exists
    union all
    select 'history.quarantine', 'service_role', p.name, null from (values ('SELECT'), ('UPDATE'), ('DELETE')) p(name)
$$;
