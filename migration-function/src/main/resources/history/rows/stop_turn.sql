-- Ends what is being answered in a conversation of the caller's, which id or the client's chat_id names, wherever it is made: what has
-- arrived stays, as stopped. Out: the answer, the newest where there are several; null columns when nothing runs, also the second
-- time. Locks the conversation, as the caller. Called by Turns.
create or replace function history.stop_turn(conversation uuid, chat_id text) returns history.message
language plpgsql set search_path = pg_catalog, pg_temp
as $$
declare
    tenant constant uuid := history.writing_tenant();
    me constant uuid := history.user_id();
    chat constant uuid := case when chat_id is not null then history.derived_id('chat', chat_id) end;
    c public.conversations;
begin
    select o.* into c from public.conversations o
    where o.tenant_id = tenant and o.user_id = me and o.id in (conversation, chat)
    order by o.id = conversation desc limit 1 for no key update;
    return case when found then history.store_stop(c.id) end;
end $$;
