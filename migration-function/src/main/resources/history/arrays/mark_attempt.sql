-- Writes a question with the attempt at its answer into the array: a new element at the end, or the mark of the one that is there.
-- Called by claim_turn, which has the lock.
create or replace function history.mark_attempt(
    c public.chat_sessions, q history.message, message_id text, attempt uuid, until timestamptz, key text, key_hash text)
returns public.chat_sessions
language plpgsql set search_path = pg_catalog, pg_temp
as $$
declare
    list jsonb := history.list_of(c.messages);
    marked jsonb := q.metadata || jsonb_strip_nulls(jsonb_build_object(
        'client_id', message_id, 'attempt', jsonb_build_object('id', attempt, 'until', until),
        'requests', case when key is not null then jsonb_build_object(key, key_hash) end));
    name text := coalesce(nullif(btrim(c.title), ''), 'New Conversation');
begin
    if q.seq <= jsonb_array_length(list) then
        list := jsonb_set(list, array[(q.seq - 1)::text, 'metadata'], marked);
    else
        list := list || jsonb_build_object('id', q.id, 'content', q.content, 'role', 'user',
            'timestamp', to_char(clock_timestamp() at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
            'sessionId', c.id, 'userId', c.user_id, 'metadata', marked);
    end if;
    if name = 'New Conversation' then
        name := coalesce((
            select history.first_words(s.content) from unnest(history.said(c)) s
            where s.role = 'user' and s.content ~ '\S' order by s.seq limit 1), history.first_words(q.content), name);
    end if;
    list := history.wrapped(c.messages, list);
    update public.chat_sessions s set messages = list, title = name
    where s.tenant_id = c.tenant_id and s.id = c.id
    returning s.* into c;
    return c;
end $$;
