-- The text of an element, or null and why. Sources that differ in blanks only agree. Called where the content is not plain.
create or replace function history.text_of(element jsonb, out content text, out reason text)
language plpgsql immutable parallel safe set search_path = pg_catalog, pg_temp
as $$
declare
    layer jsonb := element;
    body jsonb := history.body_of(element);
    found text[];
    source text;
    blank text;
    lacking boolean := false;
begin
    loop
        found := array[history.text_in(layer -> 'content')];
        lacking := lacking or found[1] is null and coalesce(jsonb_typeof(layer -> 'content') <> 'null', false);
        if jsonb_typeof(layer -> 'parts') = 'array' and layer -> 'parts' <> '[]' then
            source := history.text_in(layer -> 'parts');
            lacking := lacking or source is null;
            found := found || source;
        end if;
        if layer ?| array['text', 'message', 'msg', 'value', 'body', 'refusal', 'output', 'payload', 'audio'] then
            found := found || array[
                history.string_in(layer -> 'text'), history.string_in(layer -> 'message'), history.string_in(layer -> 'msg'),
                history.string_in(layer -> 'value'), history.string_in(layer -> 'body'), history.string_in(layer -> 'refusal'),
                case when layer ->> 'type' ~ '_message$' then history.string_in(layer -> 'output') end, -- Chainlit
                history.string_in(layer #> '{payload,text}'), history.string_in(layer #> '{audio,transcript}')];
        end if;
        foreach source in array found loop
            if source !~ '\S' then
                blank := source;
            elsif content is null then
                content := source;
            elsif source <> content and regexp_replace(source, '\s+', '', 'g') <> regexp_replace(content, '\s+', '', 'g') then
                content := null;
                reason := 'content_contradictory';
                return;
            end if;
        end loop;
        exit when layer is not distinct from body;
        layer := body;
    end loop;
    if content is null and not lacking then
        content := blank;
    end if;
    if content is null then
        reason := case when lacking then 'content_without_text' else 'content_missing' end;
    end if;
end $$;
