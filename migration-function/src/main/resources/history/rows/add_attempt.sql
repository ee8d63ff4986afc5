-- Stores an attempt at the answer to a question. Called by begin_attempt, which has the lock.
create or replace function history.add_attempt(
    q public.messages, attempt uuid, place bigint, moment timestamptz, shown boolean, until timestamptz, key text, key_hash text)
returns public.messages
language plpgsql set search_path = history_maintenance, pg_temp
as $$
declare
    a public.messages;
begin
    insert into public.messages as m (id, tenant_id, conversation_id, user_id, seq, role, content, metadata, created_at,
        status, current, reply_to, lease_until, request_key, request_hash)
    values (attempt, q.tenant_id, q.conversation_id, q.user_id, place, 'assistant', '',
        jsonb_strip_nulls(jsonb_build_object('status', 'running', 'reply_to', q.id,
            'attempt', jsonb_build_object('id', attempt, 'until', until),
            'requests', case when key is not null then jsonb_build_object(key, key_hash) end)),
        moment, 'running', shown, q.id, until, key, key_hash)
    returning m.* into a;
    perform history.refuse_loss(found, 'messages');
    return a;
end $$;
