-- The standbys and subscribers that are more than 30 seconds behind; null where none is, or this role may not see it: that takes
-- pg_monitor. Called before every commit of the backfill and of erase and prune.
create or replace function history.standbys_behind() returns text
language sql volatile set search_path = pg_catalog, pg_temp
as $$
    select string_agg(format('standby %s at %s', r.application_name, coalesce(r.client_addr::text, 'a local socket')), '; ' order by r.pid)
    from pg_stat_replication r where r.replay_lag > interval '30 seconds'
$$;
