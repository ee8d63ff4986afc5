-- Functions of schema history that are not as this version defined them, or that the wrong roles may call.
create or replace function history.function_differences()
returns table (place integer, object text, finding text, remedy text, mend text)
language sql stable set search_path = pg_catalog, pg_temp
as $$
    with found as materialized (
        select p.oid, p.oid::regprocedure::text as name, p.proname::text as short, p.proowner, p.proacl, p.prosecdef,
            p.prosqlbody is not null or p.proconfig && array['search_path=pg_catalog, pg_temp', 'search_path=history_maintenance, pg_temp']
                as settled, md5(pg_get_functiondef(p.oid)) as digest
        from pg_proc p where p.pronamespace = 'history'::regnamespace and p.prokind = 'f'
    ), held as materialized (
        select f.name, f.short, case a.grantee when 0 then 'public' else a.grantee::regrole::text end as grantee
        from found f cross join lateral aclexplode(coalesce(f.proacl, acldefault('f', f.proowner))) a
        where a.grantee <> f.proowner
    ), wanted as (
        select f.name, r.rolname::text as grantee from found f
        join pg_roles r on r.rolname in ('authenticated', 'service_role', 'history_functions')
        where f.short = any (history.callable())
    )
    select 40, d.name, 'is missing or not as this version defines it', 'Run migrate: it defines it again.', null
    from history.definition d left join found f on f.name = d.name where f.digest is distinct from d.digest
    union all
    select 12, f.name, 'belongs to ' || quote_ident(pg_get_userbyid(f.proowner)), null,
        format('alter function %s owner to %I', f.name, history.owner())
    from found f where pg_get_userbyid(f.proowner) <> (select history.owner()) -- asked once
    union all
    select case when f.prosecdef and not f.settled then 97 else 96 end, f.name, concat('was not made by this version',
            case when f.prosecdef and not f.settled then ', and works as its owner with types of its callers' end),
        format('If it is not meant: drop function %s;', f.name), null
    from found f where not exists (select from history.definition d where d.name = f.name)
    union all
    select 42, 'schema history', format('%s may not execute %s', w.grantee, string_agg(w.name, ', ')), null,
        format('grant execute on function %s to %I', string_agg(w.name, ', '), w.grantee)
    from wanted w where not exists (select from held h where h.name = w.name and h.grantee = w.grantee)
    group by w.grantee
    union all
    select 43, 'schema history', format('%s may execute %s', case h.grantee when 'public' then 'everybody' else h.grantee end,
            string_agg(h.name, ', ')), null,
        format('revoke execute on function %s from %s', string_agg(h.name, ', '), h.grantee)
    from held h where not exists (select from wanted w where w.name = h.name and w.grantee = h.grantee)
    group by h.grantee
$$;
