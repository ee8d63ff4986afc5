-- As in rows/; an element has no status, so the attempt's lease is left to expire.
create or replace function history.abandon_turn(conversation uuid, answer uuid) returns void
language plpgsql set search_path = pg_catalog, pg_temp
as $$
begin
end $$;
