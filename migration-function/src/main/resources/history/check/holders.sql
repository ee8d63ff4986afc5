-- Who may keep the migration waiting: open transactions that have locked one of its tables; with true, all that began at least a
-- second ago (building an index concurrently waits for all of them).
select case when p.gid is not null then
    format('prepared transaction "%s" of %s, since %s; to end it: rollback prepared %L;', p.gid, p.owner, p.prepared::timestamptz(0), p.gid)
    else format('pid %s (user %s, application %s, %s, since %s)', a.pid, a.usename, coalesce(nullif(a.application_name, ''), '?'),
        coalesce(a.state, '?'), coalesce(a.xact_start::timestamptz(0)::text, '?')) end as holder
from (
    select distinct l.pid, case when l.pid is null then split_part(l.virtualtransaction, '/', 2) end as prepared
    from pg_locks l
    where l.pid is distinct from pg_backend_pid() and l.granted and l.locktype in ('relation', 'virtualxid', 'transactionid')
        and (l.database is null or l.database = (select d.oid from pg_database d where d.datname = current_database()))
        and (?::boolean or l.relation in (
            to_regclass('public.chat_sessions'), to_regclass('public.conversations'), to_regclass('public.messages'),
            to_regclass('public.tenants'), to_regclass('public.tenant_users')))
) h
left join pg_stat_activity a on a.pid = h.pid and a.datname = current_database() and a.usename is not null
    and coalesce(a.backend_type, 'client backend') = 'client backend' -- null: another role's, which one may not look into
left join pg_prepared_xacts p on p.transaction::text = h.prepared and p.database = current_database()
where p.gid is not null or a.pid is not null and coalesce(a.xact_start < now() - interval '1 second', true)
order by a.xact_start nulls first
limit 5
