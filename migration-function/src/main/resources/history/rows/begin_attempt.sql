-- Stores a question, or a new text of one, and an attempt at its answer. An answer that is complete stays until the next one is;
-- one that is not gives its place to the new attempt. Out: the conversation, the question and the attempt as they are then.
-- Called by take_turn, which has the lock.
create or replace function history.begin_attempt(
    inout c public.conversations, inout q public.messages, inout a public.messages, message_id text, new_message uuid,
    content text, metadata jsonb, anew boolean, attempt uuid, until timestamptz, key text, key_hash text)
language plpgsql set search_path = history_maintenance, pg_temp
as $$
declare
    moment timestamptz := clock_timestamp();
    place bigint := c.last_seq + 1; -- the next one at the end
    added integer := 0;
    is_new constant boolean := q.id is null;
    is_edit constant boolean := content <> q.content; -- null for a new question
    beside constant boolean := a.status is not distinct from 'completed' and is_edit is not true; -- grows beside a complete answer
begin
    if c.last_message_at >= moment and c.last_message_at < moment + interval '1 second' then
        moment := c.last_message_at + interval '1 microsecond';
    end if;
    update public.messages m
    set lease_until = null, status = case when m.content = '' then 'failed' else 'incomplete' end
    where m.tenant_id = c.tenant_id and m.conversation_id = c.id and m.lease_until is not null and m.reply_to = q.id
        and m.status = 'running' and not m.current;
    if is_new then
        perform history.refuse_message(content, metadata, 1048576);
        insert into public.messages as m (id, tenant_id, conversation_id, user_id, seq, role, content, metadata, created_at, client_id)
        values (coalesce(history.derived_id('message', c.id || ' ' || message_id), new_message), c.tenant_id, c.id, c.user_id, place,
            'user', content, coalesce(metadata, '{}') - array['legacy', 'status', 'attempt', 'requests', 'previous', 'reply_to']
                || jsonb_strip_nulls(jsonb_build_object('client_id', message_id)), moment, message_id)
        returning m.* into q;
        added := 1;
        place := place + 1;
        moment := moment + interval '1 microsecond';
    elsif is_edit then
        perform history.refuse_message(content, metadata, 1048576);
        added := -history.keep_version(q, content, place);
        place := place + 1;
    elsif a.id is not null and not beside then
        if anew then
            added := -history.replace_behind(c.tenant_id, c.id, a.seq, place);
        end if;
        added := added - history.replace_behind(c.tenant_id, c.id, a.seq - 1, a.seq + 1);
        update public.messages m set seq = place where m.tenant_id = c.tenant_id and m.id = a.id;
    end if;
    c.last_seq := place;
    insert into public.messages as m (id, tenant_id, conversation_id, user_id, seq, role, content, metadata, created_at,
        status, current, reply_to, lease_until, request_key, request_hash)
    values (attempt, c.tenant_id, c.id, c.user_id,
        case when is_new or is_edit or beside or a.id is null then place else a.seq end, 'assistant', '',
        jsonb_strip_nulls(jsonb_build_object('status', 'running', 'reply_to', q.id,
            'attempt', jsonb_build_object('id', attempt, 'until', until),
            'requests', case when key is not null then jsonb_build_object(key, key_hash) end)),
        moment, 'running', not beside, q.id, until, key, key_hash)
    returning m.* into a;
    if beside then
        update public.conversations o set last_seq = place where o.tenant_id = c.tenant_id and o.id = c.id;
        return;
    end if;
    select m.* into q from public.messages m where m.tenant_id = c.tenant_id and m.id = q.id;
    c.title := history.titled(c);
    c.last_message_at := moment;
    c := history.turn_written(c, place, added + 1, case when is_new then array[q, a] else '{}' end);
end $$;
