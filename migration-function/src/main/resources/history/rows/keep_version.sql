-- Gives a question another text. The old one, with all its answers, is stored as a version that is not shown, whose metadata.edit_of
-- names the question; what followed is replaced. The question keeps its id and its place. said: {content, metadata, parts}; place: for
-- the version. Out: how many messages are no longer shown. Called by begin_attempt, which has the lock.
create or replace function history.keep_version(q public.messages, said jsonb, place bigint) returns integer
language plpgsql set search_path = history_maintenance, pg_temp
as $$
declare
    version constant uuid := gen_random_uuid();
    replaced integer;
    kept constant jsonb := history.question_metadata(q, said);
    sent constant jsonb := history.sent_parts(said);
begin
    perform history.refuse_message(said ->> 'content', null, sent, 1048576);
    insert into public.messages (id, tenant_id, conversation_id, user_id, seq, role, content, metadata, created_at, current,
        client_id, request_key, request_hash, parts)
    values (version, q.tenant_id, q.conversation_id, q.user_id, place, q.role, q.content,
        history.object_of(q.metadata) || jsonb_build_object('edit_of', q.id), q.created_at, false,
        q.client_id, q.request_key, q.request_hash, q.parts);
    perform history.refuse_loss(found, 'messages');
    update public.messages m set reply_to = version, lease_until = null
    where m.tenant_id = q.tenant_id and m.conversation_id = q.conversation_id and m.reply_to = q.id;
    replaced := history.replace_behind(q.tenant_id, q.conversation_id, q.seq, place);
    update public.messages m
    set content = said ->> 'content', metadata = kept, lease_until = null, request_key = null, request_hash = null,
        parts = sent
    where m.tenant_id = q.tenant_id and m.id = q.id;
    perform history.refuse_loss(found, 'messages');
    return replaced;
end $$;
