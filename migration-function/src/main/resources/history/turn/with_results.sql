-- The parts of an answer with what result_of takes from a client's copy of them; everything else of a call stays as it is stored. Null if
-- there is nothing new. Of several copies of a call the first with an outcome counts: each call is compared once. Called by continue_turn.
create or replace function history.with_results(parts jsonb, client_parts jsonb) returns jsonb
language sql immutable
begin atomic
    with stored as materialized (
        select p.part, p.place, p.part ->> 'toolCallId' as id, p.part ->> 'type' as type
        from jsonb_array_elements(parts) with ordinality p(part, place)
    ), sent as materialized (
        select distinct on (c.part ->> 'toolCallId', c.part ->> 'type') c.part, c.part ->> 'toolCallId' as id, c.part ->> 'type' as type
        from jsonb_array_elements(client_parts) with ordinality c(part, place)
        where c.part ->> 'toolCallId' is not null
        order by c.part ->> 'toolCallId', c.part ->> 'type',
            c.part ->> 'state' in ('input-streaming', 'input-available', 'approval-requested'), c.place
    ), merged as materialized (
        select p.part, p.place, history.result_of(p.part, c.part) as result
        from stored p left join sent c on c.id = p.id and c.type = p.type
    )
    select case when bool_or(m.result is not null)
        then jsonb_agg(case when m.result is null then m.part else m.part || m.result end order by m.place) end
    from merged m;
end;
