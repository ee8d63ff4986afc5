-- Limits in the settings of tenants that limit_in does not understand. For status, in any phase with tenants.
select false as blocks, format('%s in the settings of these tenants is no limit, and the functions'' own limit holds: %s.',
        n.name, string_agg(t.id::text, ', ' order by t.id)) as finding,
    'Set a whole number from 1 to 999999999, "none" for no limit, or remove it.' as remedy
from public.tenants t
cross join (values ('limit_turns_per_minute'), ('limit_tokens_per_day')) n(name)
cross join lateral (select to_jsonb(t) -> 'settings' -> n.name as value) s
where s.value not in ('null', '"none"') and history.limit_in(n.name, jsonb_build_object(n.name, s.value), null) is null
group by n.name
union all
select false, format('Column %s of tenants holds what the functions and prune read from %s alone.', c.name, w.name),
    format('If it was renamed: alter table public.tenants rename column %I to %s;', c.name, w.name)
from public.tenants t cross join lateral jsonb_each(to_jsonb(t)) c(name, value)
join (values ('settings', '"(limit_turns_per_minute|limit_tokens_per_day|retention_days)\\*": '), ('status', '^"(suspended|inactive)"$'))
    w(name, pattern) on c.value::text ~ w.pattern and to_jsonb(t) -> w.name is null
group by c.name, w.name
