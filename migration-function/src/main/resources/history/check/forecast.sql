-- What would become of the elements that are not rows yet, by reason (null: messages; too_large: messages of more than a
-- megabyte), each with an example; of a part of the table's pages, in percent. The functions stand in pg_temp, because before the
-- first migrate there is no schema for them.
with judged as materialized (
    select c.id, e.seq, e.reason,
        e.reason is null and octet_length(e.content) + pg_column_size(e.metadata) > 1048576 as too_large
    from public.chat_sessions c tablesample system (?) repeatable (1)
    cross join lateral history.elements(c.messages #> '{}', c.id, '2000-01-01T00:00Z') e
    where true -- or, after the switch, whatever is pending
)
select j.reason, count(*) as elements, min(format('element %s of conversation %s', j.seq, j.id)) as example
from judged j group by j.reason
union all
select 'too_large', count(*), min(format('element %s of conversation %s', j.seq, j.id))
from judged j where j.too_large having count(*) > 0
order by 2 desc, 1
