-- The parts of an answer that went on after its tool calls: those from before, with a step for what is new in content. What was there is
-- told by metadata, since content and the texts of the parts may differ in blanks; else by these texts. Called by end_attempt,
-- finish_turn and shown_state.
create or replace function history.with_step(parts jsonb, content text, metadata jsonb) returns jsonb
language sql immutable
begin atomic
    select case when s.said = '' then s.kept
        else s.kept || '{"type": "step-start"}' || jsonb_build_object('type', 'text', 'text', s.said) end
    from (
        select case when h.had is null then parts else jsonb_path_query_array(parts, '$[0 to $parts - 1]', h.had) end as kept,
            substr(content, 1 + coalesce((h.had -> 'characters')::integer, (
                select sum(char_length(p.part ->> 'text')) from jsonb_array_elements(parts) p(part)
                where p.part ->> 'type' = 'text')::integer, 0)) as said
        from (select history.had_before(metadata)) h(had)) s;
end;
