-- Limits in the settings of tenants that limit_in does not understand. For status, in any phase with tenants.
select false as blocks, format('%s in the settings of these tenants is no limit, and the functions'' own limit holds: %s.',
        n.name, string_agg(t.id::text, ', ' order by t.id)) as finding,
    'Set a whole number from 1 to 999999999, "none" for no limit, or remove it.' as remedy
from public.tenants t
cross join (values ('limit_turns_per_minute'), ('limit_tokens_per_day')) n(name)
cross join lateral (select to_jsonb(t) -> 'settings' -> n.name as value) s
where s.value not in ('null', '"none"') and history.limit_in(n.name, jsonb_build_object(n.name, s.value), null) is null
group by n.name
