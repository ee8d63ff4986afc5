-- The policies of tenant_users that select from tenant_users recurse: the same meaning through a helper that does not.
create or replace function history.repair_membership_policies() returns text
language plpgsql set search_path = pg_catalog, pg_temp
as $$
declare
    policy record;
    repaired text[] := '{}';
begin
    for policy in
        select p.policyname, p.permissive, p.cmd,
            case when p.roles = array['public']::name[] then 'authenticated'
                else (select string_agg(quote_ident(r), ', ') from unnest(p.roles) r) end as roles,
            case when p.qual ~ 'tenant_users' then case when p.qual ~ '''admin''' then 'my_admin_tenants' else 'my_tenants' end
                end as using_helper, p.qual,
            case when p.with_check ~ 'tenant_users'
                then case when p.with_check ~ '''admin''' then 'my_admin_tenants' else 'my_tenants' end
                end as check_helper, p.with_check
        from pg_catalog.pg_policies p
        where p.schemaname = 'public' and p.tablename = 'tenant_users'
            and (p.qual ~ 'tenant_users' or p.with_check ~ 'tenant_users')
    loop
        execute format('drop policy %I on public.tenant_users', policy.policyname);
        execute format('create policy %I on public.tenant_users as %s for %s to %s %s %s',
            policy.policyname, policy.permissive, policy.cmd, policy.roles,
            'using (' || coalesce('tenant_id = any (array(select history.' || policy.using_helper || '()))', policy.qual) || ')',
            'with check ('
                || coalesce('tenant_id = any (array(select history.' || policy.check_helper || '()))', policy.with_check) || ')');
        repaired := repaired || policy.policyname::text;
    end loop;
    return array_to_string(repaired, ', ');
end $$;
