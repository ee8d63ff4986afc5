-- The policies that must exist in a phase, each condition as PostgreSQL prints it: a user has their own rows, an admin reads the
-- tenant's, both without replaced messages; service_role has everything; nobody else anything. All are permissive and for one role.
create or replace function history.wanted_policies(target text)
returns table (relation text, name text, command text, grantee text, condition text, checked text)
language plpgsql stable set search_path = pg_catalog, pg_temp
as $$
declare
    owner constant text := history.owner();
    own constant text := '(user_id = ( SELECT history.user_id() AS user_id)) AND '
        || '(tenant_id = ANY (ARRAY( SELECT history.my_tenants() AS my_tenants)))';
    admin constant text := '(tenant_id = ANY (ARRAY( SELECT history.my_admin_tenants() AS my_admin_tenants)))';
    service constant text := '(CURRENT_USER = ''service_role''::name)';
    is_owner constant text := format('(CURRENT_USER = %L::name)', owner);
    at_work constant text := format(
        '(%s AND (current_setting(''search_path''::text) = ''history_maintenance, pg_temp''::text))', is_owner);
begin
    return query
    select t.name, p.name, p.command, p.grantee, p.condition, p.checked
    from (values
        ('public.conversations', '(' || own || ')', ''),
        ('public.messages', '(' || own || ' AND history.owns_conversation(tenant_id, conversation_id))', 'current AND ')) t(name, writable, shown)
    cross join lateral (values
        ('own_select', 'SELECT', 'authenticated', '(' || t.shown || own || ')', null),
        ('own_insert', 'INSERT', 'authenticated', null, t.writable),
        ('own_update', 'UPDATE', 'authenticated', '(' || own || ')', t.writable),
        ('own_delete', 'DELETE', 'authenticated', '(' || own || ')', null),
        ('admin_select', 'SELECT', 'authenticated', case t.shown when '' then admin else '(' || t.shown || admin || ')' end, null),
        ('service_role_select', 'SELECT', 'service_role', service, null),
        ('service_role_insert', 'INSERT', 'service_role', null, service),
        ('service_role_update', 'UPDATE', 'service_role', service, service),
        ('service_role_delete', 'DELETE', 'service_role', service, null),
        ('maintenance', 'ALL', owner, at_work, at_work)) p(name, command, grantee, condition, checked)
    where target <> 'prepared'
    union all
    select r.relation, 'maintenance', 'ALL', owner, at_work, at_work
    from history.wanted_relations(target) r where r.forced and r.relation like 'history.%' and r.relation <> 'history.quarantine'
    union all
    select 'history.quarantine', p.name, p.command, p.grantee, p.condition, p.checked
    from (values
        ('maintenance', 'ALL', owner, is_owner, is_owner), -- the owner mends entries by hand
        ('service_role_select', 'SELECT', 'service_role', service, null),
        ('service_role_update', 'UPDATE', 'service_role', service, service),
        ('service_role_delete', 'DELETE', 'service_role', service, null)) p(name, command, grantee, condition, checked);
end $$;
