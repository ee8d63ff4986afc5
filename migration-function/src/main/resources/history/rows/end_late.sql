-- Creates the row of an attempt that has none, because it began in the other edition, or a later one continues the answer that it
-- continued; shown unless its question has been answered or replaced since. Called by store_end, which has the lock.
create or replace function history.end_late(c public.conversations, q public.messages, answer uuid) returns public.messages
language plpgsql set search_path = history_maintenance, pg_temp
as $$
declare
    other public.messages;
    a public.messages;
begin
    update public.messages m set lease_until = null, metadata = m.metadata - 'attempt'
    where m.tenant_id = c.tenant_id and m.id = q.id and m.metadata #>> '{attempt,id}' = answer::text;
    other := history.answer_of(c.tenant_id, c.id, q.id, q.seq);
    insert into public.messages as m (id, tenant_id, conversation_id, user_id, seq, role, content, metadata, created_at,
        status, current, reply_to)
    values (answer, c.tenant_id, c.id, c.user_id, c.last_seq + 1, 'assistant', '',
        jsonb_strip_nulls(jsonb_build_object('reply_to', q.id)), clock_timestamp(),
        case when other.status in ('running', 'completed') or other.parts is not null or not q.current then 'incomplete' else 'running' end, q.current and other.id is null, q.id)
    returning m.* into a;
    perform history.refuse_loss(found, 'messages');
    update public.conversations o set last_seq = a.seq, message_count = c.message_count + a.current::integer
    where o.tenant_id = c.tenant_id and o.id = c.id;
    return a;
end $$;
