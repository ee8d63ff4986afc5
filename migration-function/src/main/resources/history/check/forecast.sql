-- Predicts, for elements that are not rows yet, what would go to quarantine, by reason and with an example, and how many messages
-- would have more than a megabyte. Reads all of a small table, and a sample of the pages of a large one. The functions are in
-- pg_temp, because before the first migrate there is no schema for them.
with sample as (
    select least(100, round(100 * 33554432.0 / greatest(1, pg_table_size('public.chat_sessions')), 4)) as percent
), judged as materialized (
    select e.reason, format('element %s of conversation %s', e.seq, c.id) as name,
        e.reason is null and octet_length(e.content) + pg_column_size(e.metadata) > 1048576 as too_large
    from public.chat_sessions c tablesample system ((select s.percent from sample s)) repeatable (1)
    cross join lateral history.elements(c.messages #> '{}', c.id, '2000-01-01T00:00Z') e
    where true -- or, after the switch, whatever is pending
), kept as (
    select j.reason, count(*) as elements, min(j.name) as example from judged j where j.reason is not null group by j.reason
)
select false as blocks, format('%s of %s elements%s would go to quarantine: %s.', to_char(sum(k.elements), 'FM999,999,999,999'),
        to_char((select count(*) from judged), 'FM999,999,999,999'),
        (select format(' of a sample, %s %% of the table,', round(s.percent, 1)) from sample s where s.percent < 100),
        string_agg(format('%s %s (e.g. %s)', to_char(k.elements, 'FM999,999,999,999'), k.reason, k.example), ', '
            order by k.elements desc, k.reason)) as finding,
    'Every element is kept. docs/message-shapes.md says what is read, docs/migrating.md how to mend one.' as remedy
from kept k having count(*) > 0
union all
select false, format('%s messages have more than 1 MB, e.g. %s.', to_char(count(*), 'FM999,999,999,999'), min(j.name)),
    'They are migrated as they are. Pages with one are short and slow to load; above 5 MB the API shows its beginning.'
from judged j where j.too_large having count(*) > 0
