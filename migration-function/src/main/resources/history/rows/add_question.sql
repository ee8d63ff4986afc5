-- Stores a user's message. said: {id, content, metadata, parts}; new_message: its id, if the client gave none. Called under the lock.
create or replace function history.add_question(
    c public.conversations, said jsonb, new_message uuid, place bigint, moment timestamptz) returns public.messages
language plpgsql set search_path = history_maintenance, pg_temp
as $$
declare
    q public.messages;
    sent constant jsonb := history.sent_parts(said);
begin
    perform history.refuse_message(said ->> 'content', nullif(said -> 'metadata', 'null'), sent, 1048576);
    insert into public.messages as m (id, tenant_id, conversation_id, user_id, seq, role, content, metadata, created_at, client_id, parts)
    values (coalesce(history.derived_id('message', c.id || ' ' || (said ->> 'id')), new_message), c.tenant_id, c.id, c.user_id, place,
        'user', said ->> 'content', history.sent_metadata(jsonb_strip_nulls(jsonb_build_object('client_id', said -> 'id')), said -> 'metadata'),
        moment, said ->> 'id', sent)
    returning m.* into q;
    perform history.refuse_loss(found, 'messages');
    return q;
end $$;
