create or replace function history.enter(next_phase text) returns void
language sql set search_path = pg_catalog, pg_temp
as $$ update history.state set phase = next_phase, changed_at = now() $$;
