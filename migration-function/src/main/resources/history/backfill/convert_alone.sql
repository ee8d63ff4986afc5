-- Converts conversations a few at a time for as long as nobody waits for a lock of this transaction. In and out: as in convert; where it
-- stopped early the last one, and who waits. Called by backfill_batch, which has locked them, and whose commit lets others pass.
create or replace function history.convert_alone(
    ids uuid[], out conversations bigint, out elements bigint, out quarantined bigint, out stopped_at uuid, out yields_to text)
language plpgsql set search_path = history_maintenance, pg_temp
as $$
declare
    part uuid[];
    done record;
begin
    conversations := 0;
    elements := 0;
    quarantined := 0;
    for place in 1..cardinality(ids) by 50 loop
        part := ids[place:place + 49];
        select v.* into done from history.convert(part) v;
        conversations := conversations + done.conversations;
        elements := elements + done.elements;
        quarantined := quarantined + done.quarantined;
        yields_to := (
            select string_agg(format('pid %s (user %s, application %s)', w.pid, a.usename, coalesce(nullif(a.application_name, ''), '?')), '; ')
            from (select distinct l.pid from pg_locks l where not l.granted) w left join pg_stat_activity a on a.pid = w.pid
            where pg_backend_pid() = any (pg_blocking_pids(w.pid)));
        if yields_to is not null then
            stopped_at := part[cardinality(part)];
            return;
        end if;
    end loop;
end $$;
