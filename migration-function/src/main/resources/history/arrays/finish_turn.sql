-- As in rows/, in chat_sessions: an answer that is complete, or was stopped with some text, is put after its question, or in its own
-- place if the tables had one for it before they were rolled back. A failure is recorded in the question, which can be sent again.
-- What is replaced is not stored.
create or replace function history.finish_turn(
    conversation uuid, question uuid, answer uuid, status text, content text, metadata jsonb,
    out outcome text, out title text, out message history.message)
language plpgsql set search_path = pg_catalog, pg_temp
as $$
declare
    tenant constant uuid := history.current_tenant();
    me constant uuid := history.user_id();
    kept jsonb := metadata || jsonb_build_object('status', status, 'reply_to', question);
    is_answer constant boolean := status = 'completed' or status = 'stopped' and content <> '';
    c public.chat_sessions;
    list jsonb;
    asked text; -- the places, from 0
    answered text;
    was jsonb; -- the answer's element
    is_over boolean; -- the attempt of a place that was kept for it
    element jsonb;
begin
    select s.* into c from public.chat_sessions s
    where s.tenant_id = tenant and s.user_id = me and s.id = conversation for no key update;
    list := history.list_of(c.messages);
    select min(e.i) filter (where e.value ->> 'id' = question::text) - 1, min(e.i) filter (where answer::text in (e.value ->> 'id',
        case when e.value ->> 'role' = 'assistant' then e.value #>> '{metadata,attempt,id}' end)) - 1
    into asked, answered
    from jsonb_array_elements(list) with ordinality e(value, i);
    asked := coalesce(asked, ((history.named_in_array(history.said(c), c.id, question::text)).seq - 1)::text); -- without an id of its own
    outcome := case
        when answered is not null then 'stored'
        when asked is null or history.is_deleted(c.id) and list #>> array[asked, 'metadata', 'attempt', 'id'] is distinct from answer::text
            then 'missing' -- it was for one that had this id before
        when list #>> array[asked, 'metadata', 'attempt', 'id'] <> answer::text then 'replaced' -- and nothing is stored: no place
        else 'stored' end;
    was := list #> array[answered];
    is_over := not is_answer and asked is not null and coalesce(was #>> '{metadata,status}' = 'running'
        and answer::text = all (array[was ->> 'id', was #>> '{metadata,attempt,id}']), false); -- else it went on
    if answered is not null then
        kept := coalesce(history.object_in(was -> 'metadata'), '{}') - 'attempt' || kept || case when was ->> 'id' = answer::text then '{}'
            else jsonb_build_object('attempt', (was #> '{metadata,attempt}') - case status -- it went on, and its end may come again
                when 'completed' then '{until,before}'::text[] else '{until}' end) end
            || case when history.parts_of(was -> 'metadata') is null or was #>> '{metadata,status}' = 'completed' then '{}'
                else jsonb_build_object('ui_parts', history.with_step(history.parts_of(was -> 'metadata'), content, was -> 'metadata')) end;
    end if;
    element := jsonb_build_object('id', coalesce(was ->> 'id', answer::text), 'content', content, 'role', 'assistant',
        'timestamp', to_char(clock_timestamp() at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
        'sessionId', conversation, 'userId', me, 'metadata', kept);
    if outcome = 'stored' then
        list := case
            when answered is not null and not is_over then jsonb_set(list, array[answered], element)
            when is_answer then jsonb_insert(list, array[asked], element, true) #- array[asked, 'metadata', 'attempt']
            else history.failed_in_array(list, asked, answered, kept || jsonb_build_object('content', content, 'attempt', answer)) end;
        list := history.wrapped(c.messages, list);
        update public.chat_sessions s set messages = list where s.tenant_id = tenant and s.id = c.id;
    end if;
    perform history.count_tokens(metadata) where was #> '{metadata,usage}' is distinct from metadata -> 'usage'; -- else it is no end again
    title := case when c.title ~ '\S' then c.title else 'New Conversation' end;
    message := row(history.to_uuid(element ->> 'id'), c.id, coalesce(answered::bigint + 1, asked::bigint + 2), 'assistant', content, kept,
        clock_timestamp(), status);
end $$;
