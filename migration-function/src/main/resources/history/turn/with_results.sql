-- The parts of an answer with the results of its tool calls that a client brings: each call that has none yet takes the client's part
-- with its id, when that has one. Null where there is nothing to take. Called by continue_turn.
create or replace function history.with_results(parts jsonb, client_parts jsonb) returns jsonb
language sql immutable set search_path = pg_catalog, pg_temp
as $$
    select case when bool_or(r.part is not null) then jsonb_agg(coalesce(r.part, p.part) order by p.place) end
    from jsonb_array_elements(parts) with ordinality p(part, place)
    left join lateral (
        select c.part from jsonb_array_elements(client_parts) c(part)
        where c.part ->> 'toolCallId' = p.part ->> 'toolCallId' and c.part ->> 'type' = p.part ->> 'type'
            and p.part ->> 'state' in ('input-streaming', 'input-available', 'approval-requested')
            and c.part ->> 'state' in ('output-available', 'output-error', 'output-denied', 'approval-responded')
        limit 1) r on true
$$;
