-- Ends the running answer in the caller's conversation with id or chat_id, whoever runs it; what has arrived is kept, as stopped. Out:
-- the answer, the newest of several; null columns if none is running. Locks the conversation, as the caller. Called by Turns.
create or replace function history.stop_turn(conversation uuid, chat_id text) returns history.message
language plpgsql set search_path = pg_catalog, pg_temp
as $$
declare
    tenant constant uuid := history.writing_tenant();
    me constant uuid := history.user_id();
    chat constant uuid := history.derived_id('chat', chat_id);
    c public.conversations;
begin
    select o.* into c from public.conversations o
    where o.tenant_id = tenant and o.user_id = me and o.id in (conversation, chat)
    order by o.id = conversation desc limit 1 for no key update;
    return case when found then history.store_stop(c.id) end;
end $$;
