-- Deletes a question with its answers, or an answer alone, from the caller's conversation with id or chat_id. message_id: as in
-- get_message. versions: the conversation must have one of these, unless null. Out: done, changed (another version), busy (it is being
-- answered) or missing. Locks the conversation, as the caller.
create or replace function history.delete_message(id uuid, chat_id text, message_id text, versions bigint[], out outcome text)
language plpgsql set search_path = pg_catalog, pg_temp
as $$
declare
    tenant constant uuid := history.writing_tenant();
    me constant uuid := history.user_id();
    meant constant uuid := (history.conversation_meant(tenant, id, chat_id)).id;
    c public.conversations;
    shown history.conversation;
begin
    select o.* into c from public.conversations o
    where o.tenant_id = tenant and o.user_id = me and o.id = meant for no key update;
    shown := history.shown_conversation(c);
    outcome := case
        when c.id is null then 'missing'
        when shown.revision <> all (versions) then 'changed'
        else history.remove_message(c.id, message_id) end;
end $$;
