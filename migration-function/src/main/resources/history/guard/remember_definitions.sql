-- Records each function of the given names as it is now, and gives the rights to execute them: not to public, which gets it with a new
-- function, but to those of callable, in the same transaction, so that no call fails. are_all: drops the functions that an earlier version
-- has recorded under other names, once no trigger or policy uses them. Called after they have been defined.
create or replace function history.remember_definitions(names text[], are_all boolean default false) returns void
language plpgsql set search_path = pg_catalog, pg_temp
as $$
declare
    retired regprocedure;
    statement text;
begin
    for retired in
        select p.oid from pg_proc p
        where are_all and p.pronamespace = 'history'::regnamespace and p.proname::text <> all (names)
            and exists (select from history.definition d where d.name = p.oid::regprocedure::text)
            and not exists (select from pg_depend o where o.refclassid = 'pg_proc'::regclass and o.refobjid = p.oid)
    loop
        delete from history.definition d where d.name = retired::text;
        execute format('drop function %s', retired);
    end loop;
    for statement in select d.mend from history.function_differences() d where d.place in (42, 43) loop
        execute statement;
    end loop;
    delete from history.definition d
    where split_part(d.name, '(', 1) in (select 'history.' || n from unnest(names) n);
    insert into history.definition (name, digest)
    select p.oid::regprocedure::text, md5(pg_get_functiondef(p.oid))
    from pg_proc p where p.pronamespace = 'history'::regnamespace and p.proname = any (names);
end $$;
