-- The id that a row of an export gets in a tenant: always the same, and known to nobody before. Called by import_lines.
create or replace function history.imported_id(tenant uuid, of_user uuid, id text) returns uuid
language sql stable set search_path = pg_catalog, pg_temp
as $$
    select history.uuid_of(sha256(s.value || uuid_send(tenant) || uuid_send(of_user) || convert_to(imported_id.id, 'UTF8')))
    from history.secret s
$$;
