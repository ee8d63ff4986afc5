-- The parts of an answer that went on after its tool calls, with a step for what is new in content. Called by end_attempt and shown_state.
create or replace function history.with_step(parts jsonb, content text) returns jsonb
language sql immutable
begin atomic
    select case when substr(content, t.length + 1) = '' then parts
        else parts || '{"type": "step-start"}' || jsonb_build_object('type', 'text', 'text', substr(content, t.length + 1)) end
    from (
        select coalesce(sum(char_length(p.part ->> 'text')), 0)::integer as length
        from jsonb_array_elements(parts) p(part) where p.part ->> 'type' = 'text') t;
end;
