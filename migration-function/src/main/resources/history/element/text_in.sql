-- The text of a content or a list of parts: the texts joined in order. Null if there is none, or if it is unclear whether a part
-- with a text was shown: then a person has to look.
create or replace function history.text_in(value jsonb) returns text
language plpgsql immutable parallel safe set search_path = pg_catalog, pg_temp
as $$
declare
    kind text := jsonb_typeof(value);
    part jsonb;
    type text;
    found text;
begin
    if kind in ('string', 'number', 'boolean') then
        return value #>> '{}';
    elsif kind = 'object' then
        if value ->> 'content_type' not in ('text', 'multimodal_text') then
            return null; -- ChatGPT's code, thoughts and the like
        end if;
        value := case jsonb_typeof(value -> 'parts') when 'array' then value -> 'parts' else jsonb_build_array(value) end;
    elsif kind is distinct from 'array' then
        return null;
    end if;
    for i in 0 .. jsonb_array_length(value) - 1 loop
        part := value -> i;
        kind := jsonb_typeof(part);
        if kind = 'string' then
            found := concat(found, part #>> '{}');
        end if;
        continue when kind <> 'object' or part -> 'thought' = 'true'; -- Gemini's thoughts
        type := lower(coalesce(part ->> 'type', part ->> 'content_type', 'text'));
        kind := jsonb_typeof(part -> 'text');
        if type in ('text', 'input_text', 'output_text', 'audio_transcription') then
            if kind = 'string' then
                found := concat(found, part ->> 'text');
            elsif kind = 'object' and part -> 'text' ? 'value' then
                found := concat(found, part -> 'text' ->> 'value');
            end if;
        elsif type = 'refusal' then
            found := concat(found, part ->> 'refusal');
        elsif type in ('audio', 'input_audio', 'output_audio') and part ? 'transcript' then
            found := concat(found, part ->> 'transcript');
        elsif kind = 'string' and type !~ ('^(reason|think|thought|redacted|summary|tool|dynamic-tool|data|source|file|image'
            || '|document|search|step|text-plain)') then
            return null;
        end if;
    end loop;
    return found;
end $$;
