-- Why an answer does not take the outcome of a call that a client's copy of it has, in a sentence that names the first such call; an
-- outcome is any state but those before one. parts: the answer's, null for text. Null if each is taken or there already; where none is
-- taken, another one than what is there is refused, too. Called by continue_turn.
create or replace function history.refused_result(parts jsonb, client_parts jsonb) returns text
language sql immutable
begin atomic
    with stored as materialized ( -- of several with an id and a type the one that does not wait
        select distinct on (p.part ->> 'toolCallId', p.part ->> 'type')
            p.part, p.part ->> 'toolCallId' as id, p.part ->> 'type' as type, p.part ->> 'state' as state, w.waits,
            p.part #>> '{approval,approved}' as approved
        from jsonb_array_elements(parts) p(part)
        cross join lateral (select coalesce(p.part ->> 'state' in (
            'input-streaming', 'input-available', 'approval-requested', 'approval-responded'), false) as waits) w
        where p.part ->> 'toolCallId' is not null
        order by p.part ->> 'toolCallId', p.part ->> 'type', w.waits
    ), other as materialized (
        select distinct on (s.id) s.* from stored s order by s.id, s.waits
    ), sent as materialized (
        select c.part, c.place, c.part ->> 'toolCallId' as id, c.part ->> 'type' as type, c.part ->> 'state' as state
        from jsonb_array_elements(client_parts) with ordinality c(part, place)
        where c.part ->> 'toolCallId' is not null and c.part ->> 'state' not in ('input-streaming', 'input-available', 'approval-requested')
    )
    select coalesce((
        select case when m.id is null then format('The stored answer has no call "%s".', left(c.id, 100))
            else format('The call "%s" ', left(c.id, 100)) || case
                when m.type is distinct from c.type then format('is one of %s.', left(m.type, 100))
                when m.state = 'approval-requested' then format('asks for the approval "%s": with this id it takes approval-responded, '
                    || 'output-available if approved is true, output-denied if it is false; without, output-error with an errorText.',
                    left(m.part #>> '{approval,id}', 100))
                when m.state = 'approval-responded' and m.approved is distinct from 'true'
                    then 'was not approved, and takes only output-error with an errorText.'
                else 'takes output-available, or output-error with an errorText.' end end
        from sent c
        left join stored s on s.id = c.id and s.type = c.type
        left join other o on o.id = c.id
        left join lateral (select s.* where s.id is not null union all select o.* where s.id is null and o.id is not null) m on true
        where m.id is null or m.type is distinct from c.type
            or m.waits and history.result_of(m.part, c.part) is null and (m.state = 'approval-responded' and m.approved = case c.state
                when 'output-denied' then 'false' when 'approval-responded' then c.part #>> '{approval,approved}' end) is not true
        order by c.place limit 1
    ), case when history.with_results(parts, client_parts) is null then history.other_result(parts, client_parts) end);
end;
