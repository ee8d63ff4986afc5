-- Raises PT503 for what the arrays edition cannot do; PostgREST also turns it into a 503.
create or replace function history.migration_pending(what text) returns void
language plpgsql stable set search_path = pg_catalog, pg_temp
as $$
begin
    raise exception using errcode = 'PT503', message = format('%s needs the migration: run migrate', what);
end $$;
