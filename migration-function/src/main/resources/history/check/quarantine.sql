-- What is in quarantine, by reason, each with an example.
select r.reason, r.elements, format('element %s of conversation %s', e."position", e.conversation_id) as example
from (select q.reason, count(*) as elements from history.quarantine q group by q.reason) r
cross join lateral (
    select q."position", q.conversation_id from history.quarantine q where q.reason = r.reason limit 1) e
order by r.elements desc, r.reason
