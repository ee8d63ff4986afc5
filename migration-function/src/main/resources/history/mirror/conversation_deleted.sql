-- conversations, after delete by anybody: records that the conversation existed, and cascades to messages until there is a foreign key,
-- and to tables without one.
create or replace function history.conversation_deleted() returns trigger
language plpgsql security definer set search_path = history_maintenance, pg_temp
as $$
begin
    insert into history.deleted (tenant_id, user_id, id) values (old.tenant_id, old.user_id, old.id) on conflict do nothing;
    delete from public.messages m where m.tenant_id = old.tenant_id and m.conversation_id = old.id;
    delete from history.quarantine q where q.tenant_id = old.tenant_id and q.conversation_id = old.id;
    delete from history.labelled l where l.conversation_id = old.id;
    delete from history.remembered r where r.conversation_id = old.id;
    delete from history.progress p where p.conversation_id = old.id;
    return null;
end $$;
