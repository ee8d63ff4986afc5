-- Releases all entries that can be messages now, in one transaction. Out: how many. For the migration by hand.
create or replace function history.release_quarantine() returns bigint
language plpgsql set search_path = history_maintenance, pg_temp
as $$
declare
    batch record;
    released bigint := 0;
begin
    select '00000000-0000-0000-0000-000000000000'::uuid as reached_tenant, '00000000-0000-0000-0000-000000000000'::uuid as reached
    into batch;
    while batch.reached is not null loop
        select * into batch from history.release_batch(batch.reached_tenant, batch.reached, 1000);
        released := released + batch.released;
    end loop;
    return released;
end $$;
