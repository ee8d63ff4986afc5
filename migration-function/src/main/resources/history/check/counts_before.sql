-- How much there is before the switch; named as in the report.
select count(*) as conversations,
    coalesce(sum(case when jsonb_typeof(s.messages) = 'array' then jsonb_array_length(s.messages) end), 0) as elements,
    0 as messages, 0 as quarantined, count(*) as pending, '{}'::jsonb as quarantined_by_reason
from public.chat_sessions s
