-- Rights on relations of ours that are missing or too many, and those of other roles, which are named.
create or replace function history.grant_differences(target text)
returns table (place integer, object text, finding text, remedy text, mend text)
language sql stable set search_path = pg_catalog, pg_temp
as $$
    with wanted as materialized (
        select w.* from history.wanted_grants(target) w
        where to_regclass(w.relation) is not null and exists (select from pg_roles r where r.rolname = w.grantee)
    ), found as materialized (
        select r.relation, a.privilege_type as privilege, a.is_grantable, a.attname,
            case when a.grantee = 0 then 'public' else pg_get_userbyid(a.grantee)::text end as grantee
        from history.wanted_relations(target) r
        join pg_class c on c.oid = to_regclass(r.relation)
        cross join lateral (
            select acl.*, null::name as attname from aclexplode(c.relacl) acl
            union all
            select acl.*, t.attname from pg_attribute t cross join lateral aclexplode(t.attacl) acl
            where t.attrelid = c.oid and t.attacl is not null and t.attnum > 0 and not t.attisdropped
        ) a
        where a.grantee <> c.relowner
    ), ours as materialized (
        select f.*, f.grantee in ('public', 'anon', 'authenticated', 'service_role', 'history_functions') as platform from found f
    )
    select 70, w.relation, format('%s may not %s', w.grantee, lower(w.privilege)), null,
        format('grant %s on %s to %I', lower(w.privilege), w.relation, w.grantee)
    from wanted w
    where w.columns is null and not exists (select from found f
        where f.relation = w.relation and f.grantee = w.grantee and f.privilege = w.privilege and f.attname is null)
    union all
    select 70, w.relation, format('%s may %s other columns than: %s', w.grantee, lower(w.privilege), w.columns), null,
        format('revoke %1$s on %2$s from %3$I; grant %1$s (%4$s) on %2$s to %3$I', lower(w.privilege), w.relation, w.grantee, w.columns)
    from wanted w
    where w.columns is distinct from (
        select string_agg(case when not f.is_grantable then coalesce(quote_ident(f.attname), '*') end, ', ' order by f.attname)
        from found f where f.relation = w.relation and f.grantee = w.grantee and f.privilege = w.privilege)
        and w.columns is not null
    union all
    select 71, f.relation, format('%s may %s%s%s', case f.grantee when 'public' then 'everybody' else f.grantee end,
            lower(f.privilege), ' column ' || f.attname, case when f.is_grantable then ' and grant it to others' else '' end), null,
        format('revoke %s%s on %s from %s', lower(f.privilege), '(' || quote_ident(f.attname) || ')', f.relation,
            case f.grantee when 'public' then 'public' else quote_ident(f.grantee) end)
    from ours f
    where f.platform and not exists (select from wanted w
        where w.relation = f.relation and w.grantee = f.grantee and w.privilege = f.privilege
            and (w.columns is not null or not f.is_grantable and f.attname is null))
    union all
    select 94, f.relation, format('%s may %s%s', f.grantee, lower(f.privilege), ' column ' || f.attname),
        format('If it is not meant: revoke %s%s on %s from %I;', lower(f.privilege), '(' || quote_ident(f.attname) || ')',
            f.relation, f.grantee), null
    from ours f where not f.platform
$$;
