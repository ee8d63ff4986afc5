-- Records that the caller's conversation is deleted, or what an id stands for. In: as in forget_conversation. Called before.
create or replace function history.keep_deletion(conversation uuid, messages jsonb default null) returns void
language plpgsql security definer set search_path = history_maintenance, pg_temp
as $$
declare
    tenant constant uuid := history.current_tenant();
    me constant uuid := history.user_id();
begin
    perform history.forget_conversation(tenant, me, conversation, messages);
end $$;
