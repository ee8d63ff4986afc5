-- As in rows/, in chat_sessions: a message can be sent, answered and sent again. The question's element carries the attempt; the
-- answer is put behind it when it is complete. Whatever would change an element raises PT503.
create or replace function history.claim_turn(
    conversation uuid, chat_id text, new_conversation uuid, message_id text, new_message uuid, content text, metadata jsonb,
    anew boolean, attempt uuid, lease interval, key text, key_hash text, most integer, characters integer,
    out decision text, out conversation_id uuid, out title text,
    out question history.message, out answer history.message, out seen jsonb)
language plpgsql set search_path = pg_catalog, pg_temp
as $$
declare
    tenant constant uuid := history.current_tenant();
    me constant uuid := history.user_id();
    c public.chat_sessions := history.lock_session(tenant, me, conversation, chat_id, key, new_conversation);
    said history.message[] := history.said(c);
    q history.message;
    a history.message;
    own uuid;
begin
    if c.id is null then
        decision := 'missing';
        return;
    end if;
    own := coalesce(history.derived_id('message', c.id || ' ' || message_id), history.derived_id('message-of-key', key), new_message);
    select s.* into q from unnest(said) s
    where s.role = 'user' and (s.id = own or history.to_uuid(message_id) in (s.id, history.element_id(c.id, s.seq)))
    order by s.seq desc limit 1;
    select s.* into a from unnest(said) s where s.seq > q.seq order by s.seq limit 1;
    if a.role <> 'assistant' then
        a := null;
    end if;

    decision := case
        when q.metadata #>> array['requests', key] <> key_hash then 'other request'
        when anew or q.content <> content then 'refused'
        when a.id is not null then 'answered'
        when q.metadata #>> '{attempt,id}' = attempt::text then 'granted'
        when history.element_time(q.metadata #> '{attempt,until}') > clock_timestamp() then 'busy'
        else 'granted' end;

    if decision = 'refused' then
        perform history.migration_pending('editing or regenerating a message');
    elsif decision = 'granted' then
        seen := history.seen_in_array(said, coalesce(q.seq, 9223372036854775807), most, characters);
        if q.id is not null and q.seq < (select max(s.seq) from unnest(said) s) then
            perform history.migration_pending('answering an older message');
        end if;
        if q.id is null then
            q := row(own, c.id, jsonb_array_length(history.list_of(c.messages)) + 1, 'user', content, coalesce(metadata, '{}'),
                clock_timestamp(), 'completed');
        end if;
        c := history.mark_attempt(c, q, message_id, attempt, clock_timestamp() + lease, key, key_hash);
        a := row(attempt, c.id, q.seq + 1, 'assistant', '', '{}', clock_timestamp(), 'running');
    end if;
    q.metadata := q.metadata - 'attempt';
    conversation_id := c.id;
    title := coalesce(nullif(btrim(c.title), ''), 'New Conversation');
    question := q;
    answer := a;
end $$;
