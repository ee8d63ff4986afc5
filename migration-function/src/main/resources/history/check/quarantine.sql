-- What is in quarantine, by reason and with an example; and separately, entries that were edited and are still no messages. With true
-- only the latter. Blocks when everything is in quarantine and nothing became a message: that is no success.
with reason as (
    select w.edited, q.reason, count(*) as elements, min(format('element %s of conversation %s', q."position", q.conversation_id)) as example
    from (values (false), (true)) w(edited) join history.quarantine q on not w.edited or q.original is not null
    where w.edited or not ?::boolean
    group by w.edited, q.reason
), kept as (
    select r.edited, sum(r.elements) as elements, string_agg(format('%s %s (e.g. %s)', to_char(r.elements, 'FM999,999,999,999'), r.reason,
        r.example), ', ' order by r.elements desc, r.reason) as reasons
    from reason r group by r.edited
)
select not k.edited and m.messages = 0 as blocks, format(
        case when k.edited then '%s entries of the quarantine were edited and are no messages yet: %3$s.'
            else '%s of %s elements are in quarantine: %s.' end,
        to_char(k.elements, 'FM999,999,999,999'), to_char(k.elements + m.messages, 'FM999,999,999,999'), k.reasons) as finding,
    case when k.edited then 'Mend them further and migrate again. A rollback restores each element as it came.'
        else 'Every element is kept. docs/message-shapes.md says what is read, docs/migrating.md how to mend one.' end as remedy
from kept k cross join lateral (select count(*) as messages from public.messages where not k.edited) m
order by k.edited
