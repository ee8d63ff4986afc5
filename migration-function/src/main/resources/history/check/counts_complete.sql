-- How much there is when the arrays are gone; named as in the report.
select count(*) as conversations,
    (select count(*) from public.messages) + (select count(*) from history.quarantine) as elements,
    (select count(*) from public.messages) as messages,
    (select count(*) from history.quarantine) as quarantined,
    0 as pending,
    (select coalesce(jsonb_object_agg(r.reason, r.elements), '{}')
        from (select q.reason, count(*) as elements from history.quarantine q group by q.reason) r) as quarantined_by_reason
from public.conversations c
