-- Rewrites the policies of tenant_users that recurse, where membership_policies knows how. Locks the table for milliseconds.
create or replace function history.repair_membership_policies() returns text
language plpgsql set search_path = pg_catalog, pg_temp
as $$
declare
    statement text;
    repaired integer := 0;
begin
    for statement in select p.mend from history.membership_policies() p where p.mend is not null loop
        execute statement;
        repaired := repaired + 1;
    end loop;
    return repaired::text;
end $$;
