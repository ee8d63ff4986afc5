-- conversations, after delete by anybody: records that the conversation existed, with the keys of its requests, and cascades to messages
-- until there is a foreign key, and to tables without one. Once there is, the messages are gone by now, and messages_changed does that.
create or replace function history.conversation_deleted() returns trigger
language plpgsql security definer set search_path = history_maintenance, pg_temp
as $$
begin
    perform history.forget_conversation(old.tenant_id, old.user_id, old.id, case when old.last_seq is null then to_jsonb(old) -> 'messages' end);
    insert into history.deleted (tenant_id, user_id, id)
    select m.tenant_id, m.user_id, n.name
    from public.messages m
    cross join lateral history.names_of(m.id, m.tenant_id, m.user_id, m.metadata, m.request_key) n
    where m.tenant_id = old.tenant_id and m.conversation_id = old.id and n.is_key
    on conflict do nothing;
    delete from public.messages m where m.tenant_id = old.tenant_id and m.conversation_id = old.id;
    perform history.refuse_loss(not exists (
        select from public.messages m where m.tenant_id = old.tenant_id and m.conversation_id = old.id), 'messages');
    delete from history.quarantine q where q.tenant_id = old.tenant_id and q.conversation_id = old.id;
    delete from history.labelled l where l.conversation_id = old.id;
    delete from history.remembered r where r.conversation_id = old.id;
    delete from history.progress p where p.conversation_id = old.id;
    return null;
end $$;
