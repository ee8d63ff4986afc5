-- Records which run is migrating, and that it is alive. Called by a run at every step and after every commit.
create or replace function history.beat(holder text, action text) returns void
language sql set search_path = pg_catalog, pg_temp
as $$
    insert into history.lease as l (holder, action, backend) values (beat.holder, beat.action, pg_backend_pid())
    on conflict (only_row) do update
    set holder = excluded.holder, action = excluded.action, backend = excluded.backend, heartbeat = now(),
        since = case when l.backend = excluded.backend and l.action = excluded.action then l.since else now() end
$$;
