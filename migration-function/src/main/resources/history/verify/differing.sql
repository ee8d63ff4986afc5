-- The conversations whose array differs from their rows; there must be none. Called by hand; migrate compares in batches.
create or replace function history.differing() returns uuid[]
language plpgsql stable set search_path = history_maintenance, pg_temp
as $$
declare
    batch record;
    after uuid;
    differing uuid[] := '{}';
begin
    loop
        select * into batch from history.verify_batch(after, 1000, 8388608);
        exit when batch.reached is null;
        after := batch.reached;
        differing := differing || batch.differing;
    end loop;
    return differing;
end $$;
