-- Why an outcome that a client sends is no repetition, in a sentence that names the first such call: the stored call has another one. Null
-- if none has. parts: the answer's. Called by refused_result.
create or replace function history.other_result(parts jsonb, client_parts jsonb) returns text
language sql immutable
begin atomic
    select format('The call "%s" has another outcome already.', left(c.part ->> 'toolCallId', 100))
    from jsonb_array_elements(client_parts) with ordinality c(part, place)
    where c.part ->> 'toolCallId' is not null and (
        select bool_and(p.part ->> 'state' in ('output-available', 'output-error', 'output-denied') and (
            p.part #>> '{approval,approved}' <> c.part #>> '{approval,approved}'
            or c.part ->> 'state' in ('output-available', 'output-error', 'output-denied')
                and (p.part -> 'state', p.part -> 'output', p.part -> 'errorText')
                    is distinct from (c.part -> 'state', c.part -> 'output', c.part -> 'errorText')))
        from jsonb_array_elements(parts) p(part)
        where p.part ->> 'toolCallId' = c.part ->> 'toolCallId' and p.part ->> 'type' = c.part ->> 'type')
    order by c.place limit 1;
end;
