-- Who waits for a lock that this transaction has; null where nobody does. Called by convert_alone.
create or replace function history.waiting() returns text
language sql volatile set search_path = pg_catalog, pg_temp
as $$
    select string_agg(format('pid %s (user %s, application %s)', w.pid, a.usename, coalesce(nullif(a.application_name, ''), '?')), '; ')
    from (select distinct l.pid from pg_locks l where not l.granted) w
    left join pg_stat_activity a on a.pid = w.pid
    where pg_backend_pid() = any (pg_blocking_pids(w.pid))
$$;
