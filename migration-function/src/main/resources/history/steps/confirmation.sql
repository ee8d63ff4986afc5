-- The text that confirms complete; null while the migration cannot be completed. Called by status and complete.
create or replace function history.confirmation() returns text
language plpgsql stable set search_path = history_maintenance, pg_temp
as $$
begin
    if (select s.phase from history.state s) <> 'migrated' then
        return null;
    end if;
    return (select format('drop %s arrays', count(*)) from public.conversations);
end $$;
