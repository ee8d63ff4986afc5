-- Policies that are missing or wrong, and those of others, which are reported and never dropped.
create or replace function history.policy_differences(target text)
returns table (place integer, object text, finding text, remedy text, mend text)
language sql stable set search_path = pg_catalog, pg_temp
as $$
    with wanted as materialized (
        select w.* from history.wanted_policies(target) w where to_regclass(w.relation) is not null
    ), found as materialized (
        select format('%s.%s', p.schemaname, p.tablename) as relation, p.*, p::text as row,
            p.permissive = 'PERMISSIVE' and exists (
                select from unnest(p.roles) r left join pg_roles g on g.rolname = r
                where g.oid is null or exists (select from pg_roles c
                    where c.rolname in ('anon', 'authenticated') and pg_has_role(c.oid, g.oid, 'usage'))) as for_callers
        from pg_policies p
        where format('%s.%s', p.schemaname, p.tablename) in (select w.relation from history.wanted_relations(target) w)
    ), carried as materialized ( -- the team's, from before the switch
        select c.value from history.state s cross join lateral jsonb_array_elements_text(s.original -> 'carried') c
    )
    select 65, w.relation,
        format('policy %s is %s', w.name, case when f.policyname is null then 'missing' else 'different from this version''s' end), null,
        case when f.policyname is null then '' else format('drop policy %I on %s; ', w.name, w.relation) end
        || format('create policy %I on %s for %s to %I %s %s', w.name, w.relation, lower(w.command), w.grantee,
            'using (' || w.condition || ')', 'with check (' || w.checked || ')')
    from wanted w left join found f on f.relation = w.relation and f.policyname = w.name
    where (f.permissive, f.cmd, f.roles, f.qual, f.with_check) is distinct from
        ('PERMISSIVE', w.command, array[w.grantee]::name[], w.condition, w.checked)
    union all
    select case when f.for_callers then 92 else 98 end,
        f.relation, format('policy %s is not of this version: %s for %s to %s%s%s', f.policyname,
            lower(f.permissive), lower(f.cmd), array_to_string(f.roles, ', '),
            ' using (' || f.qual || ')', ' with check (' || f.with_check || ')'),
        format('If it is not meant: drop policy %I on %s;', f.policyname, f.relation), null
    from found f
    where not exists (select from wanted w where w.relation = f.relation and w.name = f.policyname)
        and (f.for_callers or f.row not in (select c.value from carried c))
    union all -- the first version made it of policies that meant less
    select 92, 'public.tenant_users', format('policy %s lets every member change memberships, and make itself an admin', p.policyname),
        format('If only admins may: alter policy %I on public.tenant_users%s%s;', p.policyname,
            ' using (' || replace(p.qual, 'my_tenants()', 'my_admin_tenants()') || ')',
            ' with check (' || replace(p.with_check, 'my_tenants()', 'my_admin_tenants()') || ')'), null
    from pg_policies p
    where p.schemaname = 'public' and p.tablename = 'tenant_users' and p.permissive = 'PERMISSIVE' and p.cmd <> 'SELECT'
        and '(tenant_id = ANY (ARRAY( SELECT history.my_tenants() AS my_tenants)))' in (p.qual, p.with_check)
$$;
