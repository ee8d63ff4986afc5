-- A content or a list of parts with another text: it goes into the first part with a text; other parts with a text are removed.
create or replace function history.with_text(value jsonb, content text) returns jsonb
language plpgsql immutable parallel safe set search_path = pg_catalog, pg_temp
as $$
declare
    first bigint;
begin
    if jsonb_typeof(value) = 'array' then
        first := (
            select min(part.ordinal) from jsonb_array_elements(value) with ordinality part(value, ordinal)
            where history.text_in(jsonb_build_array(part.value)) is not null);
        return (
            select jsonb_agg(case part.ordinal when first then history.with_text(part.value, content) else part.value end
                order by part.ordinal)
            from jsonb_array_elements(value) with ordinality part(value, ordinal)
            where part.ordinal = first or history.text_in(jsonb_build_array(part.value)) is null);
    elsif jsonb_typeof(value) <> 'object' then
        return to_jsonb(content);
    elsif jsonb_typeof(value -> 'parts') = 'array' then
        return value || jsonb_build_object('parts', history.with_text(value -> 'parts', content));
    elsif jsonb_typeof(value -> 'text') = 'object' then
        return jsonb_set(value, '{text,value}', to_jsonb(content));
    elsif value ? 'text' then
        return value || jsonb_build_object('text', content);
    end if;
    return jsonb_build_object('type', 'text', 'text', content);
end $$;
