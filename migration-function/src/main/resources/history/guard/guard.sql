-- Makes the catalogue what it must be in a phase, in one transaction. Out: how many differences it mended. Locks what it mends.
-- Called by expand and complete, and by hand; migrate mends one difference a transaction instead, and builds indexes concurrently.
create or replace function history.guard(target text) returns bigint
language plpgsql set search_path = history_maintenance, pg_temp
as $$
declare
    difference record;
    mended bigint := 0;
    before bigint;
begin
    for pass in 1..6 loop
        before := mended;
        for difference in select d.mend from history.differences(target) d where d.mend is not null order by d.place loop
            execute replace(difference.mend, ' concurrently', '');
            mended := mended + 1;
        end loop;
        exit when mended = before;
    end loop;
    return mended;
end $$;
