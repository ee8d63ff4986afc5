create or replace function history.force() returns void
language plpgsql set search_path = pg_catalog, pg_temp
as $$
begin
    if not (select relforcerowsecurity from pg_catalog.pg_class where oid = 'public.messages'::regclass) then
        alter table public.conversations force row level security;
        alter table public.messages force row level security;
    end if;
end $$;
