-- Repairs the catalogue for a phase, in one transaction. Out: how many differences it repaired. Locks what it repairs. Called by
-- expand and complete, and by hand; migrate repairs one difference per transaction instead, and builds indexes concurrently.
create or replace function history.guard(target text) returns bigint
language plpgsql set search_path = history_maintenance, pg_temp
as $$
declare
    mends text[];
    mend text;
    mended bigint := 0;
begin
    for pass in 1..6 loop
        mends := array(select d.mend from history.differences(target) d where d.mend is not null order by d.place);
        exit when mends = '{}';
        foreach mend in array mends loop
            execute replace(mend, ' concurrently', '');
        end loop;
        mended := mended + cardinality(mends);
    end loop;
    return mended;
end $$;
