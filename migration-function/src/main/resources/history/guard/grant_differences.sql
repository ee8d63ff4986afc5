-- What the platform's roles may do with our relations: nothing else, and never with a grant option; rights of others are only reported.
-- columns: those that a client of the data API may write, if the others are for the functions of a turn alone; null: all.
create or replace function history.grant_differences(target text)
returns table (place integer, object text, finding text, remedy text, mend text)
language sql stable set search_path = pg_catalog, pg_temp
as $$
    with wanted as materialized (
        select t.relation, r.name as grantee, p.name as privilege,
            case when t.relation = 'public.messages' and r.name = 'authenticated' and p.name in ('INSERT', 'UPDATE')
                then 'content, conversation_id, created_at, id, metadata, role, seq, tenant_id, user_id' end as columns
        from (values ('public.conversations'), ('public.messages'), ('public.chat_sessions'), ('history.quarantine'), ('history.usage')) t(relation)
        join (values ('authenticated'), ('service_role')) r(name) on r.name = 'service_role' or t.relation <> 'history.quarantine'
        join (values ('SELECT'), ('INSERT'), ('UPDATE'), ('DELETE')) p(name) on p.name = 'SELECT' or t.relation <> 'history.usage' and (p.name <> 'INSERT' or t.relation <> 'history.quarantine')
        where t.relation in (select w.relation from history.wanted_relations(target) w)
            and to_regclass(t.relation) is not null and exists (select from pg_roles o where o.rolname = r.name)
    ), found as materialized (
        select r.relation, g.*, g.grantee in ('public', 'anon', 'authenticated', 'service_role', 'history_functions') as platform
        from history.wanted_relations(target) r cross join lateral history.grants_of(to_regclass(r.relation)) g
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
        format('revoke %s%s on %s from %s', lower(f.privilege), '(' || quote_ident(f.attname) || ')', f.relation, f.grantee)
    from found f
    where f.platform and not exists (select from wanted w
        where w.relation = f.relation and w.grantee = f.grantee and w.privilege = f.privilege
            and (w.columns is not null or not f.is_grantable and f.attname is null))
    union all
    select 94, f.relation, format('%s may %s%s', f.grantee, lower(f.privilege), ' column ' || f.attname),
        format('If it is not meant: revoke %s%s on %s from %s;', lower(f.privilege), '(' || quote_ident(f.attname) || ')',
            f.relation, f.grantee), null
    from found f where not f.platform
$$;
