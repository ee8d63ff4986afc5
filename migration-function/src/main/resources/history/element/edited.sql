-- An element with another role, content or metadata (null: as it is; {}: none), where its shape has them; else as the application
-- writes it. Called when somebody changes a message that came from an array.
create or replace function history.edited(element jsonb, role text, content text, metadata jsonb) returns jsonb
language plpgsql stable parallel safe set search_path = pg_catalog, pg_temp
as $$
declare
    was constant text[] := history.message_of(element);
    path text[];
begin
    if jsonb_typeof(element) = 'string' then
        return to_jsonb(history.edited(history.object_in(element), role, content, metadata)::text);
    end if;
    if metadata is not null then
        element := case metadata when '{}' then element - 'metadata' else element || jsonb_build_object('metadata', metadata) end;
    end if;
    if was[2] is distinct from content then
        for path in
            select p.path
            from (values ('{}'::text[]), ('{message}'), ('{data}'), ('{kwargs}')) w(wrapper)
            cross join (values ('{content}'::text[]), ('{parts}'), ('{text}'), ('{message}'), ('{msg}'), ('{value}'), ('{body}'),
                ('{refusal}'), ('{output}'), ('{payload,text}'), ('{audio,transcript}')) s(source)
            cross join lateral (select w.wrapper || s.source as path) p
            where case s.source when '{content}' then history.text_in(element #> p.path) is not null
                when '{parts}' then jsonb_typeof(element #> p.path) = 'array' and history.text_in(element #> p.path) is not null
                when '{output}' then element #>> (w.wrapper || '{type}') ~ '_message$'
                else jsonb_typeof(element #> p.path) = 'string' end
        loop
            element := jsonb_set(element, path, history.with_text(element #> path, content));
        end loop;
    end if;
    if was[1] is distinct from role then
        element := element || jsonb_build_object('role', role);
    end if;
    if history.message_of(element) = array[role, content, null] then
        return element;
    end if;
    return jsonb_strip_nulls(jsonb_build_object('id', element -> 'id', 'timestamp', history.time_of(element),
        'metadata', element -> 'metadata')) || jsonb_build_object('role', role, 'content', content);
end $$;
