-- As in rows/, in chat_sessions: an answer that is complete, or was stopped with some text, is put after its question, or in its own
-- place if the tables had one for it before they were rolled back. A failure is recorded in the question.
create or replace function history.finish_turn(
    conversation uuid, question uuid, answer uuid, status text, content text, metadata jsonb,
    out outcome text, out title text, out message history.message)
language plpgsql set search_path = pg_catalog, pg_temp
as $$
declare
    tenant constant uuid := history.current_tenant();
    me constant uuid := history.user_id();
    kept constant jsonb := metadata || jsonb_build_object('status', status, 'reply_to', question);
    element constant jsonb := jsonb_build_object('id', answer, 'content', content, 'role', 'assistant',
        'timestamp', to_char(clock_timestamp() at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
        'sessionId', conversation, 'userId', me, 'metadata', kept);
    is_answer constant boolean := status = 'completed' or status = 'stopped' and content <> '';
    c public.chat_sessions;
    list jsonb;
    asked text; -- the places, from 0
    answered text;
    counts boolean;
begin
    select s.* into c from public.chat_sessions s
    where s.tenant_id = tenant and s.user_id = me and s.id = conversation for no key update;
    list := history.list_of(c.messages);
    select min(e.i) filter (where e.value ->> 'id' = question::text) - 1, min(e.i) filter (where e.value ->> 'id' = answer::text) - 1
    into asked, answered
    from jsonb_array_elements(list) with ordinality e(value, i);
    if asked is null then -- an element without an id, or with one that is no UUID
        asked := (history.named_in_array(history.said(c), c.id, question::text)).seq - 1;
    end if;
    if answered is null and (asked is null or history.is_deleted(c.id) and
        list #>> array[asked, 'metadata', 'attempt', 'id'] is distinct from answer::text) -- it was for one that had this id before
    then
        outcome := 'missing';
        perform history.count_tokens(metadata);
        return;
    end if;
    counts := list #> array[answered, 'metadata', 'usage'] is distinct from metadata -> 'usage'; -- and is no end again
    list := case
        when answered is not null then jsonb_set(list, array[answered], jsonb_set(element, '{metadata}',
            kept || jsonb_strip_nulls(jsonb_build_object('requests', list #> array[answered, 'metadata', 'requests']))))
        when is_answer then jsonb_insert(list, array[asked], element, true) #- array[asked, 'metadata', 'attempt']
        else jsonb_set(list #- array[asked, 'metadata', 'attempt'], array[asked, 'metadata', 'failure'],
            kept || jsonb_build_object('content', content)) end;
    list := history.wrapped(c.messages, list);
    update public.chat_sessions s set messages = list where s.tenant_id = tenant and s.id = c.id;
    if counts then
        perform history.count_tokens(metadata);
    end if;
    outcome := 'stored';
    title := case when c.title ~ '\S' then c.title else 'New Conversation' end;
    message := row(answer, c.id, coalesce(answered::bigint + 1, asked::bigint + 2), 'assistant', content, kept, clock_timestamp(), status);
end $$;
