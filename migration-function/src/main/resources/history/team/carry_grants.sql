-- Copies the grants on conversations to the view, column by column. A role of the team's that may read the arrays may read the
-- messages, too. Called by expand.
create or replace function history.carry_grants() returns void
language plpgsql set search_path = pg_catalog, pg_temp
as $$
declare
    statement text;
begin
    for statement in
        select g.statement from history.grants_of('public.conversations') g where g.privilege <> 'MAINTAIN'
        union all
        select format('grant select on public.messages to %I', r.rolname)
        from pg_roles r join pg_class c on c.oid = 'public.conversations'::regclass
        where exists (
                select from (select c.relacl as acl union all select t.attacl from pg_attribute t
                    where t.attrelid = c.oid and t.attname = 'messages') h cross join lateral aclexplode(h.acl) a
                where a.grantee = r.oid and a.privilege_type = 'SELECT')
            and (select bool_and(has_column_privilege(r.oid, c.oid, n, 'select')) from unnest('{tenant_id,id,messages}'::text[]) n)
            and r.oid <> c.relowner and r.rolname not in ('anon', 'authenticated', 'service_role', 'history_functions')
    loop
        execute statement;
    end loop;
end $$;
