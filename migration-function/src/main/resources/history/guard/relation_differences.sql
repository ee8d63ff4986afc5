-- Relations that are missing, belong to somebody else or lack row level security; and relations of others in our schema.
create or replace function history.relation_differences(target text)
returns table (place integer, object text, finding text, remedy text, mend text)
language sql stable set search_path = pg_catalog, pg_temp
as $$
    with wanted as materialized (
        select w.*, c.oid, c.relowner, c.relrowsecurity, c.relforcerowsecurity, c.reloptions, case
            when w.relation like 'history.%' then (select n.nspowner from pg_namespace n where n.nspname = 'history')
            else (select p.relowner from pg_class p where p.oid = to_regclass('public.conversations'))
        end as owner
        from history.wanted_relations(target) w
        left join pg_class c on c.oid = to_regclass(w.relation) and c.relkind in (w.kind, case w.kind when 'r' then 'p' end)
    )
    select 10, w.relation, 'is missing', case when w.kind <> 'v' then 'Restore it from a backup.' end,
        case when w.kind = 'v' then 'select history.make_view()' end
    from wanted w where w.oid is null
    union all
    select 11, w.relation, 'belongs to ' || quote_ident(pg_get_userbyid(w.relowner)), null,
        format('alter table %s owner to %I', w.relation, pg_get_userbyid(w.owner))
    from wanted w where w.relowner <> w.owner
    union all
    select 60, w.relation, 'row level security is not enabled', null,
        format('alter table %s enable row level security', w.relation)
    from wanted w where w.secured and not w.relrowsecurity
    union all
    select 80, w.relation, 'row level security does not bind the owner', null,
        format('alter table %s force row level security', w.relation)
    from wanted w where w.forced and not w.relforcerowsecurity
    union all
    select 61, w.relation, 'the view shows rows as its owner', null,
        format('alter view %s set (security_invoker = true)', w.relation)
    from wanted w where w.kind = 'v' and w.oid is not null and 'security_invoker=true' <> all (coalesce(w.reloptions, '{}'))
    union all
    select 90, v.oid::regclass::text, 'the view shows rows as its owner',
        format('alter view %s set (security_invoker = true);', v.oid::regclass), null
    from pg_class v
    where v.relkind = 'v' and v.oid <> all (select w.oid from wanted w where w.oid is not null)
        and 'security_invoker=true' <> all (coalesce(v.reloptions, '{}'))
        and exists (
            select from pg_depend d join pg_rewrite r on r.oid = d.objid
            where r.ev_class = v.oid and d.refobjid in (select w.oid from wanted w where w.relation <> 'history.lease'))
    union all
    select 91, r.ev_class::regclass::text, format('rule %s is %s', r.rulename,
            case r.ev_enabled when 'D' then 'disabled' else 'not of this version' end),
        format('If it is not meant: drop rule %I on %s;', r.rulename, r.ev_class::regclass), null
    from pg_rewrite r where r.rulename <> '_RETURN' and r.ev_class in (select w.oid from wanted w)
$$;
