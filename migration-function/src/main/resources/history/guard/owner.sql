-- The role that owns schema history, and as which its security definer functions run.
create or replace function history.owner() returns text
language sql stable set search_path = pg_catalog, pg_temp
as $$ select r.rolname::text from pg_namespace n join pg_roles r on r.oid = n.nspowner where n.nspname = 'history' $$;
