-- Relations that are missing, belong to somebody else, lack row level security or are lost in a crash; and others' views of them.
create or replace function history.relation_differences(target text)
returns table (place integer, object text, finding text, remedy text, mend text)
language sql stable set search_path = pg_catalog, pg_temp
as $$
    with recursive wanted as materialized (
        select w.*, c.oid, c.relowner, c.relpersistence, c.relrowsecurity, c.relforcerowsecurity, c.reloptions, case
            when w.relation like 'history.%' then (select n.nspowner from pg_namespace n where n.nspname = 'history')
            else (select p.relowner from pg_class p where p.oid = to_regclass('public.conversations'))
        end as owner
        from history.wanted_relations(target) w
        left join pg_class c on c.oid = to_regclass(w.relation) and c.relkind in (w.kind, case w.kind when 'r' then 'p' end)
    ), reader as ( -- and who reads these
        select w.oid from wanted w where w.relation <> 'history.lease'
        union
        select r.ev_class from reader x
        join pg_depend d on d.refclassid = 'pg_class'::regclass and d.refobjid = x.oid and d.classid = 'pg_rewrite'::regclass
        join pg_rewrite r on r.oid = d.objid
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
    select 90, v.oid::regclass::text,
        case v.relkind when 'v' then 'the view shows rows as its owner' else 'clients may read all that it holds' end,
        format(case v.relkind when 'v' then 'alter view %s set (security_invoker = true);'
            else 'revoke all on %s from public, anon, authenticated;' end, v.oid::regclass), null
    from pg_class v join reader x on x.oid = v.oid
    where v.oid <> all (select w.oid from wanted w where w.oid is not null) and case v.relkind
        when 'v' then coalesce(array_to_string(v.reloptions, ' '), '') !~ '\msecurity_invoker=(true|on|yes|1)\M'
        when 'm' then exists (select from pg_roles r
            where r.rolname in ('anon', 'authenticated') and has_any_column_privilege(r.oid, v.oid, 'select')) end
    union all
    select 90, w.relation, 'is unlogged: a crash empties it',
        format('At a quiet time, because it is written anew: alter table %s set logged;', w.relation), null
    from wanted w where w.relpersistence = 'u'
    union all
    select 91, r.ev_class::regclass::text, format('rule %s is %s', r.rulename,
            case r.ev_enabled when 'D' then 'disabled' else 'not of this version' end),
        format('If it is not meant: drop rule %I on %s;', r.rulename, r.ev_class::regclass), null
    from pg_rewrite r where r.rulename <> '_RETURN' and r.ev_class in (select w.oid from wanted w)
$$;
