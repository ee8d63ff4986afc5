-- The parts of an element, if it is a message as the AI SDK's versions 5 to 7 write them and has more than a text; else null.
create or replace function history.ui_parts(element jsonb) returns jsonb
language sql immutable parallel safe
begin atomic
    select jsonb_agg(case
        when p.part ? 'toolInvocation' then jsonb_build_object('type', concat('tool-', i ->> 'toolName'), 'toolCallId', i -> 'toolCallId',
                'state', case i ->> 'state' when 'result' then 'output-available' when 'call' then 'input-available'
                    else 'input-streaming' end, 'input', i -> 'args')
            || case when i ? 'result' then jsonb_build_object('output', i -> 'result') else '{}' end
        when p.part ? 'mimeType' then jsonb_build_object('type', 'file', 'mediaType', p.part -> 'mimeType',
            'url', concat('data:', p.part ->> 'mimeType', ';base64,', p.part ->> 'data'))
        when p.part ? 'contentType' then jsonb_build_object('type', 'file', 'mediaType', p.part -> 'contentType',
            'filename', p.part -> 'name', 'url', p.part -> 'url')
        when p.part ? 'reasoning' then jsonb_build_object('type', 'reasoning', 'text', p.part -> 'reasoning')
        else p.part end order by p.place)
    from jsonb_array_elements(case when jsonb_typeof(element -> 'parts') = 'array' then element -> 'parts' else '[]' end
        || case when jsonb_typeof(element -> 'experimental_attachments') = 'array' then element -> 'experimental_attachments' else '[]' end)
        with ordinality p(part, place)
    cross join lateral (select p.part -> 'toolInvocation') t(i)
    having bool_and(jsonb_typeof(coalesce(p.part -> 'type', p.part -> 'contentType')) = 'string')
        and (count(*) > 1 or min(p.part ->> 'type') <> 'text');
end;
