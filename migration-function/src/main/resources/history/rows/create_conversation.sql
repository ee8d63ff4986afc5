-- Creates a new, empty conversation of the caller. id: made by the server; unused with a key, from which the id is derived. Out: the
-- conversation as it is now, null if it was made with that key and deleted; replayed: an earlier request made it; same_request: that
-- request asked for the same.
create or replace function history.create_conversation(
    id uuid, key text, title text, metadata jsonb, request_hash text,
    out conversation history.conversation, out replayed boolean, out same_request boolean)
language plpgsql set search_path = pg_catalog, pg_temp
as $$
declare
    tenant constant uuid := history.writing_tenant();
    me constant uuid := history.user_id();
    wanted constant uuid := coalesce(history.derived_id('conversation', key), create_conversation.id);
    c public.conversations;
begin
    if key is not null and history.is_deleted(wanted) then
        return;
    end if;
    insert into public.conversations as n (id, tenant_id, user_id, title, metadata, last_seq, message_count, request_hash)
    values (wanted, tenant, me, coalesce(create_conversation.title, 'New Conversation'),
        coalesce(create_conversation.metadata, '{}'), 0, 0, create_conversation.request_hash)
    on conflict do nothing returning n.* into c;
    replayed := c.id is null;
    if replayed and history.is_deleted(wanted) then -- at the same moment
        return;
    elsif replayed then
        select e.* into c from public.conversations e where e.tenant_id = tenant and e.user_id = me and e.id = wanted;
        perform history.refuse_loss(found, 'conversations');
    end if;
    -- One that was made before the migration has no hash.
    same_request := coalesce(string_to_array(c.request_hash, ' ') && string_to_array(create_conversation.request_hash, ' '), true);
    conversation := history.shown_conversation(c);
end $$;
