-- Deletes the caller's conversation with id or chat_id, and its messages. versions: it must have one of these, unless null.
-- Out: done, changed (another version) or missing. Locks the conversation.
create or replace function history.delete_conversation(id uuid, versions bigint[], chat_id text default null, out outcome text)
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
    where o.tenant_id = tenant and o.user_id = me and o.id = meant for update;
    shown := history.shown_conversation(c);
    outcome := case
        when c.id is null then 'missing'
        when shown.revision <> all (versions) then 'changed'
        else 'done' end;
    if outcome = 'done' then
        perform history.refuse_loss(not exists ( -- by which the foreign key of messages fails with an internal error
            select from pg_rewrite r
            where r.ev_class = 'public.messages'::regclass and r.ev_type = '4' and r.is_instead and r.ev_qual::text = '<>'), 'messages');
        delete from public.conversations o where o.tenant_id = tenant and o.id = c.id;
        perform history.refuse_loss(found, 'conversations');
    end if;
end $$;
