-- The ids of the elements that the API wrote before expand or before a rollback, each at its place in the array; null for others. An
-- answer has the status and the question of a turn; a question an id as the API makes them, and a mark of a turn or such an answer.
create or replace function history.written_by_api(list jsonb, conversation uuid) returns text[]
language sql immutable parallel safe
begin atomic
    with element as (
        select e.place, e.value ->> 'id' as id, e.value #>> '{metadata,reply_to}' as reply_to,
            e.value ->> 'role' = 'assistant' and e.value -> 'metadata' ?& array['status', 'reply_to'] as is_answer,
            e.value ->> 'role' = 'user' and e.value ? 'userId' and e.value ->> 'sessionId' = conversation::text
                and e.value ->> 'id' ~ '^[0-9a-f]{8}-[0-9a-f]{4}-[78][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$' as may_ask,
            e.value -> 'metadata' ?| array['client_id', 'attempt', 'failure', 'requests'] as has_mark
        from jsonb_array_elements(list) with ordinality e(value, place)
    ), told as (
        select e.place, e.id, e.is_answer or e.may_ask and (e.has_mark or lead(e.is_answer) over (order by e.place)
            or e.id in (select a.reply_to from element a where a.is_answer)) as is_api
        from element e
    )
    select array_agg(case when t.nth = 1 then t.id end order by t.place)
    from (select t.*, case when t.is_api then row_number() over (partition by t.is_api, t.id order by t.place) end as nth from told t) t;
end;
