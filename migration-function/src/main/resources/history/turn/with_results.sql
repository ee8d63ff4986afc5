-- The parts of an answer with what a client says of its tool calls: the state, and the output, the error or the approval that belongs to it;
-- everything else of a call stays as it is stored. A call that asks for approval gives an output only with it, and an approval is that
-- of the call. Null if there is nothing new. Called by continue_turn.
create or replace function history.with_results(parts jsonb, client_parts jsonb) returns jsonb
language sql immutable
begin atomic
    select case when bool_or(r.result is not null)
        then jsonb_agg(case when r.result is null then p.part else p.part || r.result end order by p.place) end
    from jsonb_array_elements(parts) with ordinality p(part, place)
    left join lateral (
        select (select jsonb_object_agg(f.key, f.value) from jsonb_each(c.part) f
                where f.key in ('state', case t.to_be when 'output-available' then 'output' when 'output-error' then 'errorText' end))
            || case when t.is_decided then jsonb_build_object('approval', p.part -> 'approval' || (
                select jsonb_object_agg(f.key, f.value) from jsonb_each(c.part -> 'approval') f
                where f.key = 'approved' or f.key = 'reason' and jsonb_typeof(f.value) = 'string')) else '{}' end as result
        from jsonb_array_elements(client_parts) c(part)
        cross join lateral (
            select p.part ->> 'state' as state, c.part ->> 'state' as to_be, c.part #>> '{approval,approved}' as approved,
                p.part ->> 'state' = 'approval-requested' and p.part #>> '{approval,id}' = c.part #>> '{approval,id}'
                    and jsonb_typeof(c.part #> '{approval,approved}') = 'boolean' as is_decided) t
        where c.part ->> 'toolCallId' = p.part ->> 'toolCallId' and c.part ->> 'type' = p.part ->> 'type'
            and case t.to_be
                when 'output-available' then t.state in ('input-streaming', 'input-available')
                    or t.state = 'approval-responded' and p.part #>> '{approval,approved}' = 'true' or t.is_decided and t.approved = 'true'
                when 'output-error' then jsonb_typeof(c.part -> 'errorText') = 'string'
                    and t.state in ('input-streaming', 'input-available', 'approval-requested', 'approval-responded')
                when 'output-denied' then t.is_decided and t.approved = 'false'
                when 'approval-responded' then t.is_decided end
        limit 1) r on true;
end;
