-- The parts of an answer that was continued after its tool calls: adds a step with the text of content that is not in them yet.
-- Called by end_attempt.
create or replace function history.with_step(parts jsonb, content text) returns jsonb
language sql immutable set search_path = pg_catalog, pg_temp
as $$
    select case when substr(content, t.length + 1) = '' then parts
        else parts || '{"type": "step-start"}' || jsonb_build_object('type', 'text', 'text', substr(content, t.length + 1)) end
    from (
        select coalesce(sum(char_length(p.part ->> 'text')), 0)::integer as length
        from jsonb_array_elements(parts) p(part) where p.part ->> 'type' = 'text') t
$$;
