-- What the rows of phase 0 say against a migration; for a database whose tables are all there.
select true as blocks, format('%s rows of chat_sessions have a tenant that does not exist.', count(*)) as finding,
    'Delete them, or restore the tenants: select id from chat_sessions s where not exists (select from tenants t where t.id = s.tenant_id);'
        as remedy
from public.chat_sessions s where not exists (select from public.tenants t where t.id = s.tenant_id)
having count(*) > 0
union all
select true, format('%s rows of chat_sessions have a user that does not exist.', count(*)),
    'Delete them, or restore the users: select id from chat_sessions s where not exists (select from auth.users u where u.id = s.user_id);'
from public.chat_sessions s where not exists (select from auth.users u where u.id = s.user_id)
having count(*) > 0
union all
select false, format('%s conversations belong to users who are no members of their tenant.', count(*)),
    'They are migrated, but these users do not see them until tenant_users has a row for them.'
from public.chat_sessions s
where not exists (select from public.tenant_users u where u.tenant_id = s.tenant_id and u.user_id = s.user_id)
having count(*) > 0
