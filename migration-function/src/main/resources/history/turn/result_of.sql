-- What a stored call of a tool takes from a client's copy of it: the state, and the output, the error or the approval that belongs to it.
-- A call that asks for approval gives an output only with it, and an approval is that of the call. Null if it takes nothing.
-- Called by with_results and refused_result.
create or replace function history.result_of(call jsonb, sent jsonb) returns jsonb
language sql immutable
begin atomic
    select (select jsonb_object_agg(f.key, f.value) from jsonb_each(sent) f
            where f.key in ('state', case t.to_be when 'output-available' then 'output' when 'output-error' then 'errorText' end))
        || case when t.is_decided then jsonb_build_object('approval', call -> 'approval' || (
            select jsonb_object_agg(f.key, f.value) from jsonb_each(sent -> 'approval') f
            where f.key = 'approved' or f.key = 'reason' and jsonb_typeof(f.value) = 'string')) else '{}' end
    from (
        select call ->> 'state' as state, sent ->> 'state' as to_be, sent #>> '{approval,approved}' as approved,
            call ->> 'state' = 'approval-requested' and call #>> '{approval,id}' = sent #>> '{approval,id}'
                and jsonb_typeof(sent #> '{approval,approved}') = 'boolean' as is_decided) t
    where sent ->> 'toolCallId' = call ->> 'toolCallId' and sent ->> 'type' = call ->> 'type'
        and case t.to_be
            when 'output-available' then t.state in ('input-streaming', 'input-available')
                or t.state = 'approval-responded' and call #>> '{approval,approved}' = 'true' or t.is_decided and t.approved = 'true'
            when 'output-error' then jsonb_typeof(sent -> 'errorText') = 'string'
                and t.state in ('input-streaming', 'input-available', 'approval-requested', 'approval-responded')
            when 'output-denied' then t.is_decided and t.approved = 'false'
            when 'approval-responded' then t.is_decided end;
end;
