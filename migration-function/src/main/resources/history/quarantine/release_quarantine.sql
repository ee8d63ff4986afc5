-- Releases all entries that can be messages now, in one transaction. Out: how many. For the migration by hand.
create or replace function history.release_quarantine() returns bigint
language plpgsql set search_path = history_maintenance, pg_temp
as $$
declare
    nil constant uuid := '00000000-0000-0000-0000-000000000000';
begin
    return (select b.released from history.release_batch(nil, nil, 2147483647) b);
end $$;
