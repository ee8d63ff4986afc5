-- How much there is while there are both arrays and rows; named as in the report.
select count(*) as conversations,
    coalesce(sum(case when jsonb_typeof(c.messages) = 'array' then jsonb_array_length(c.messages)
        else jsonb_array_length(history.list_of(c.messages)) end), 0) as elements,
    (select count(*) from public.messages) as messages,
    (select count(*) from history.quarantine) as quarantined,
    count(*) filter (where c.last_seq is null) as pending,
    (select coalesce(jsonb_object_agg(r.reason, r.elements), '{}')
        from (select q.reason, count(*) as elements from history.quarantine q group by q.reason) r) as quarantined_by_reason
from public.conversations c
