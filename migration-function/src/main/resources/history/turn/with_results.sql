-- The parts of an answer with the results that a client sends for its tool calls: each call without a result takes the client's part
-- with the same id, if that has one. Null if there is no new result. Called by continue_turn.
create or replace function history.with_results(parts jsonb, client_parts jsonb) returns jsonb
language sql immutable
begin atomic
    select case when bool_or(r.part is not null) then jsonb_agg(coalesce(r.part, p.part) order by p.place) end
    from jsonb_array_elements(parts) with ordinality p(part, place)
    left join lateral (
        select c.part from jsonb_array_elements(client_parts) c(part)
        where c.part ->> 'toolCallId' = p.part ->> 'toolCallId' and c.part ->> 'type' = p.part ->> 'type'
            and p.part ->> 'state' in ('input-streaming', 'input-available', 'approval-requested')
            and c.part ->> 'state' in ('output-available', 'output-error', 'output-denied', 'approval-responded')
        limit 1) r on true;
end;
