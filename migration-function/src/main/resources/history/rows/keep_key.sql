-- Stores that a request with a key continued an answer, since the answer's own row has the key of the request that began it, and what of
-- the answer is not repeated: a.content, which an earlier attempt to continue it has said. Both in a row that is not current, place;
-- without such a text all_messages leaves it out, too. Called by continue_turn, which has the lock.
create or replace function history.keep_key(q public.messages, a public.messages, place bigint, key text, key_hash text) returns void
language sql set search_path = history_maintenance, pg_temp
as $$
    insert into public.messages (id, tenant_id, conversation_id, user_id, seq, role, content, metadata, created_at, status, current,
        reply_to, request_key, request_hash)
    select gen_random_uuid(), a.tenant_id, a.conversation_id, a.user_id, place, a.role, a.content,
        case when a.content = '' then jsonb_build_object('version_of', a.id) else '{"status": "incomplete"}' end,
        a.created_at, case when a.content = '' then 'failed' else 'incomplete' end, false, q.id, key, key_hash
    where key is not null or a.content <> ''
$$;
