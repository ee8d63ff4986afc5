-- Records each function of the given names as it is now, and gives the rights to execute them: not to public, which gets it with a new
-- function, but to those of callable, in the same transaction, so that no call fails. are_all: drops the functions that an earlier version
-- has recorded under other names, once no trigger or policy uses them. Called after they have been defined.
create or replace function history.remember_definitions(names text[], are_all boolean default false) returns void
language plpgsql set search_path = pg_catalog, pg_temp
as $$
declare
    roles constant text := (
        select string_agg(quote_ident(r.rolname), ', ') from pg_roles r
        where r.rolname in ('authenticated', 'service_role', 'history_functions'));
    retired regprocedure;
begin
    for retired in
        select to_regprocedure(d.name) from history.definition d
        where are_all and to_regprocedure(d.name) is not null and split_part(d.name, '(', 1) <> all (select 'history.' || n from unnest(names) n)
            and not exists (
                select from pg_depend o where o.refclassid = 'pg_proc'::regclass and o.refobjid = to_regprocedure(d.name))
    loop
        delete from history.definition d where d.name = retired::text;
        execute format('drop function %s', retired);
    end loop;
    revoke execute on all functions in schema history from public;
    execute (
        select format('grant execute on function %s to %s', string_agg(p.oid::regprocedure::text, ', '), roles)
        from pg_proc p where p.pronamespace = 'history'::regnamespace and p.proname = any (history.callable()));
    delete from history.definition d
    where split_part(d.name, '(', 1) = any (select 'history.' || n from unnest(names) n);
    insert into history.definition (name, digest)
    select p.oid::regprocedure::text, md5(pg_get_functiondef(p.oid))
    from pg_proc p where p.pronamespace = 'history'::regnamespace and p.proname = any (names);
end $$;
