-- What a team has added to chat_sessions and tenant_users that would be in the way, or that a person should know.
with relation as (
    select c.* from pg_class c where c.oid = to_regclass('public.chat_sessions') and c.relkind = 'r'
)
select true as blocks, 'A rule of chat_sessions would work on what the migration writes: ' || pg_get_ruledef(u.oid) as finding,
    format('A trigger can do the same. Take it away: drop rule %I on public.chat_sessions;', u.rulename) as remedy
from relation c join pg_rewrite u on u.ev_class = c.oid
union all
select false, 'Row level security of chat_sessions is not enabled, so authenticated gets no right to it: the functions answer after migrate only.',
    'Go on with migrate, which makes policies; or make policies first, and: alter table public.chat_sessions enable row level security;'
from relation c join pg_roles r on r.rolname = 'authenticated'
where not c.relrowsecurity and not has_table_privilege(r.oid, c.oid, 'select')
union all
select true, format('%s may %s chat_sessions by a grant of %s, which only that role can take back.', g.grantee, lower(a.privilege_type), g.grantor),
    format('As that role: set role %s; revoke %s on public.chat_sessions from %s; reset role;', g.grantor, a.privilege_type, g.grantee)
from relation c cross join lateral aclexplode(c.relacl) a
cross join lateral (select case a.grantee when 0 then 'public' else a.grantee::regrole::text end, a.grantor::regrole::text) g(grantee, grantor)
where a.grantor <> c.relowner and (
    g.grantee in ('public', 'anon', 'authenticated', 'service_role') or g.grantor in ('anon', 'authenticated', 'service_role'))
union all
select false, format('The publication %s publishes chat_sessions, and will publish it under its new name, conversations.', p.pubname),
    'Let its subscribers expect that.'
from relation c join pg_publication_rel r on r.prrelid = c.oid join pg_publication p on p.oid = r.prpubid
union all
select false, format('The publication %s publishes all tables: also messages, and those of schema history, with a secret in one of them.',
        p.pubname), 'Where its subscribers may not have that, let it name its tables.'
from relation c join pg_publication p on p.puballtables
