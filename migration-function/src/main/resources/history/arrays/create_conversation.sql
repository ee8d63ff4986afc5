-- As in rows/, in chat_sessions, which keeps no hash: what came with a key once counts as the same request.
create or replace function history.create_conversation(
    id uuid, key text, title text, metadata jsonb, request_hash text,
    out conversation history.conversation, out replayed boolean, out same_request boolean)
language plpgsql set search_path = pg_catalog, pg_temp
as $$
declare
    tenant constant uuid := history.current_tenant();
    me constant uuid := history.user_id();
    wanted constant uuid := case when key is null then create_conversation.id else history.derived_id('conversation', key) end;
begin
    insert into public.chat_sessions as n (id, tenant_id, user_id, title, metadata, messages)
    values (wanted, tenant, me, coalesce(create_conversation.title, 'New Conversation'), coalesce(create_conversation.metadata, '{}'), '[]')
    on conflict do nothing;
    replayed := not found;
    same_request := true;
    select c.id, c.tenant_id, c.user_id, coalesce(nullif(btrim(c.title), ''), 'New Conversation'), coalesce(c.metadata, '{}'),
        coalesce(c.created_at, c.updated_at, to_timestamp(0)), coalesce(c.updated_at, c.created_at, to_timestamp(0)),
        history.element_count(c.messages)
    into strict conversation
    from public.chat_sessions c where c.tenant_id = tenant and c.user_id = me and c.id = wanted;
end $$;
