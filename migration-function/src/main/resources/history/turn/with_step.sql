-- Parts of an answer that goes on after its tool calls: a further step with what content has beyond the text in them. Called by end_attempt.
create or replace function history.with_step(parts jsonb, content text) returns jsonb
language sql immutable set search_path = pg_catalog, pg_temp
as $$
    select case when substr(content, t.length + 1) = '' then parts
        else parts || '{"type": "step-start"}' || jsonb_build_object('type', 'text', 'text', substr(content, t.length + 1)) end
    from (
        select coalesce(sum(char_length(p.part ->> 'text')), 0)::integer as length
        from jsonb_array_elements(parts) p(part) where p.part ->> 'type' = 'text') t
$$;
