-- As in rows/, of chat_sessions.
create or replace function history.delete_conversation(id uuid, versions bigint[], chat_id text default null, out outcome text)
language plpgsql set search_path = pg_catalog, pg_temp
as $$
declare
    tenant constant uuid := history.writing_tenant();
    me constant uuid := history.user_id();
    meant constant uuid := case when chat_id is null or exists ( -- whose ever it is: reading and changing mean the same one
        select from public.chat_sessions o where o.tenant_id = tenant and o.id = delete_conversation.id)
        then id else history.derived_id('chat', chat_id) end;
    c public.chat_sessions;
begin
    select o.* into c from public.chat_sessions o
    where o.tenant_id = tenant and o.user_id = me and o.id = meant for update;
    outcome := case
        when c.id is null then 'missing'
        when history.version_of(coalesce(c.updated_at, c.created_at, to_timestamp(0))) <> all (versions) then 'changed'
        else 'done' end;
    if outcome = 'done' then
        perform history.keep_deletion(c.id, c.messages);
        delete from public.chat_sessions o where o.tenant_id = tenant and o.id = c.id;
        perform history.refuse_loss(found, 'chat_sessions');
    end if;
end $$;
