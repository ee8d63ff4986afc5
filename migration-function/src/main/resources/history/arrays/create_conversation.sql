-- As in rows/, in chat_sessions, which stores no hash: any request with the same key counts as the same request.
create or replace function history.create_conversation(
    id uuid, key text, title text, metadata jsonb, request_hash text,
    out conversation history.conversation, out replayed boolean, out same_request boolean)
language plpgsql set search_path = pg_catalog, pg_temp
as $$
declare
    tenant constant uuid := history.writing_tenant();
    me constant uuid := history.user_id();
    wanted constant uuid := coalesce(history.derived_id('conversation', key), create_conversation.id);
    c public.chat_sessions;
begin
    if key is not null and history.is_deleted(wanted) then
        return;
    end if;
    insert into public.chat_sessions as n (id, tenant_id, user_id, title, metadata, messages)
    values (wanted, tenant, me, coalesce(create_conversation.title, 'New Conversation'), coalesce(create_conversation.metadata, '{}'), '[]')
    on conflict do nothing;
    replayed := not found;
    same_request := true;
    select o.* into strict c from public.chat_sessions o where o.tenant_id = tenant and o.user_id = me and o.id = wanted;
    conversation := history.shown_session(c.id, c.tenant_id, c.user_id, c.title, c.metadata, c.created_at, c.updated_at, c.messages);
end $$;
