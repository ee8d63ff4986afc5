-- Records that the caller's conversation is deleted, and the keys of the requests that made its messages. Called before.
create or replace function history.keep_deletion(conversation uuid) returns void
language plpgsql security definer set search_path = history_maintenance, pg_temp
as $$
declare
    tenant constant uuid := history.current_tenant();
    me constant uuid := history.user_id();
begin
    insert into history.deleted (tenant_id, user_id, id) values (tenant, me, conversation) on conflict do nothing;
    if (select s.phase <> 'prepared' from history.state s) then
        insert into history.deleted (tenant_id, user_id, id)
        select tenant, me, history.derived_id('request', m.request_key) from public.messages m
        where m.tenant_id = tenant and m.user_id = me and m.conversation_id = conversation and m.request_key is not null
        on conflict do nothing;
    end if;
end $$;
