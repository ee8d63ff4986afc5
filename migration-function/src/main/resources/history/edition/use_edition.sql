-- Exchanges the functions of the API: defines those of one edition, and drops those that only the other one has. Called for the current
-- phase, and by expand and roll_back in their own transaction; remember_definitions comes after it. A call that waits for their lock still
-- runs the old text.
create or replace function history.use_edition(wanted text) returns void
language plpgsql set search_path = pg_catalog, pg_temp
as $$
declare
    statement text;
begin
    for statement in
        select format('drop function %s', p.oid::regprocedure) from pg_proc p
        where p.pronamespace = 'history'::regnamespace
            and p.proname in (select e.name from history.edition e where e.edition <> wanted)
            and p.proname not in (select e.name from history.edition e where e.edition = wanted)
    loop
        execute statement;
    end loop;
    for statement in select e.definition from history.edition e where e.edition = wanted order by e.place loop
        execute statement;
    end loop;
end $$;
