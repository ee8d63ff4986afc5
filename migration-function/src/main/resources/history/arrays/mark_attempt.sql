-- Writes a question with the attempt at its answer into the array: a new element at the end, after those that never arrived, or a
-- mark on the existing one. q: null columns for a new one. Called by claim_turn, which has the lock.
create or replace function history.mark_attempt(
    c public.chat_sessions, q history.message, said jsonb, new_message uuid, missing jsonb, attempt uuid, until timestamptz,
    key text, key_hash text)
returns public.chat_sessions
language plpgsql set search_path = pg_catalog, pg_temp
as $$
declare
    list jsonb := history.list_of(c.messages);
    mark constant jsonb := jsonb_strip_nulls(jsonb_build_object('attempt', jsonb_build_object('id', attempt, 'until', until),
        'requests', case when key is not null then jsonb_build_object(key, key_hash) end));
    each jsonb;
    place text := q.seq - 1; -- from 0
begin
    if q.id is null then
        for each in select e.value from jsonb_array_elements(missing || said) with ordinality e(value, i) order by e.i loop
            list := list || jsonb_build_object('content', each -> 'content', 'role', 'user', 'sessionId', c.id, 'userId', c.user_id,
                'id', coalesce(history.derived_id('message', c.id || ' ' || (each ->> 'id')),
                    history.derived_id('message-of-key', key), new_message),
                'timestamp', to_char(clock_timestamp() at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
                'metadata', history.with_parts(history.sent_metadata(
                    jsonb_strip_nulls(jsonb_build_object('client_id', each -> 'id')), each -> 'metadata'), history.sent_parts(each)));
        end loop;
        place := jsonb_array_length(list) - 1;
    elsif said -> 'metadata' <> 'null' then
        list := jsonb_set(list, array[place, 'metadata'], history.sent_metadata(list #> array[place, 'metadata'], said -> 'metadata'));
    end if;
    list := jsonb_set(list, array[place, 'metadata'], coalesce(nullif(list #> array[place, 'metadata'], 'null'), '{}') || mark);
    c.messages := history.wrapped(c.messages, list);
    if (c.title ~ '\S' and c.title <> 'New Conversation') is not true then
        c.title := coalesce((
            select history.first_words(s.content) from unnest(history.said(c)) s
            where s.role = 'user' and s.content ~ '\S' order by s.seq limit 1), c.title);
    end if;
    update public.chat_sessions s set messages = c.messages, title = c.title
    where s.tenant_id = c.tenant_id and s.id = c.id
    returning s.* into c;
    return c;
end $$;
