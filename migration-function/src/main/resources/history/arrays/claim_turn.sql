-- As in rows/, in chat_sessions: a message can be sent, answered and sent again. The question's element carries the attempt; the
-- answer is put after it when it is complete. Whatever would change an element raises PT503.
create or replace function history.claim_turn(
    conversation uuid, chat_id text, new_conversation uuid, message_id text, new_message uuid, content text, metadata jsonb,
    anew boolean, attempt uuid, lease interval, key text, key_hash text, most integer, characters integer,
    ui_parts text default null, target text default null, earlier jsonb default '[]', limits jsonb default '{}',
    out decision text, out conversation_id uuid, out title text,
    out question history.message, out answer history.message, out seen jsonb, out quota jsonb)
language plpgsql set search_path = pg_catalog, pg_temp
as $$
declare
    tenant constant uuid := history.writing_tenant();
    said constant jsonb := case when content is not null
        then jsonb_build_object('id', message_id, 'content', content, 'metadata', metadata, 'parts', ui_parts) end;
    is_gone constant boolean := key is not null and history.is_deleted(history.derived_id('request', key)); -- what the key has made
    c public.chat_sessions := history.lock_session(tenant, history.user_id(), conversation, chat_id, key,
        case when (anew or target is null or target = message_id) and not is_gone then new_conversation end);
    written history.message[] := history.said(c);
    asked record;
    q history.message;
    a history.message;
begin
    if c.id is null or is_gone then
        decision := case when c.id is null and conversation is not null and chat_id is null then 'missing'
            when is_gone or history.is_deleted(conversation) or chat_id is null and key is not null then 'deleted' else 'missing' end;
        return;
    end if;
    if said is null and not anew then perform history.migration_pending('going on with an answer'); end if;
    asked := history.question_in_array(c, written || history.kept_aside(c.id, c.created_at),
        coalesce(history.derived_id('message', c.id || ' ' || (said ->> 'id')), history.derived_id('message-of-key', key), new_message),
        target, said, earlier, anew, key);
    q := asked.q;
    select n.* into a from (
        select s.* from unnest(written) s where s.seq > q.seq and s.role in ('user', 'assistant') order by s.seq limit 1) n
    where n.role = 'assistant';
    decision := case
        when not string_to_array((asked.keyed).metadata #>> array['requests', key], ' ') && string_to_array(key_hash, ' ')
            and asked.decision is distinct from 'deleted' then 'other request'
        when asked.decision is not null then asked.decision
        when history.element_time(a.metadata #> '{attempt,until}') > clock_timestamp() then 'busy' -- since before a rollback
        when a.id is not null then 'answered'
        when q.metadata #>> '{attempt,id}' = attempt::text then 'granted'
        when history.element_time(q.metadata #> '{attempt,until}') > clock_timestamp() then 'busy'
        when q.seq < any (select s.seq from unnest(written) s) then 'refused'
        else 'granted' end;

    if decision = 'refused' then
        perform history.migration_pending('changing what has been said');
    elsif decision = 'granted' then
        quota := case when q.metadata #>> '{attempt,id}' is distinct from attempt::text then history.grant_turn(limits) end;
        c := history.mark_attempt(c, q, asked.said, new_message, asked.missing, attempt, clock_timestamp() + lease, key, key_hash);
        written := history.said(c);
        select s.* into q from unnest(written) s where s.metadata #>> '{attempt,id}' = attempt::text;
        seen := history.seen_in_array(written, q.seq, most, characters);
        a := row(attempt, c.id, q.seq + 1, 'assistant', '', '{}', clock_timestamp(), 'running');
    end if;
    q.metadata := q.metadata - 'attempt';
    conversation_id := c.id;
    title := case when c.title ~ '\S' then c.title else 'New Conversation' end;
    question := q;
    answer := a;
end $$;
