-- Whether the text is that of confirmation, whose number may have changed by one per cent meanwhile. Called by complete.
create or replace function history.is_confirmed(said text) returns boolean
language plpgsql stable set search_path = pg_catalog, pg_temp
as $$
declare
    pattern constant text := '^drop (\d{1,15}) arrays$';
    there constant bigint := substring(history.confirmation() from pattern)::bigint;
    meant constant bigint := substring(said from pattern)::bigint;
begin
    return coalesce(abs(there - meant) <= there / 100, false);
end $$;
