-- The conversation of a turn, locked: the caller's own by its id, or by the id derived from the client's chat id or the request's key.
-- It is created if it does not exist, was not deleted, and new_conversation is given. Out: null columns if there is none. Runs as the caller: the
-- policies decide whose it is. Called by claim_turn.
create or replace function history.lock_conversation(conversation uuid, chat_id text, key text, new_conversation uuid)
returns public.conversations
language plpgsql set search_path = pg_catalog, pg_temp
as $$
declare
    tenant constant uuid := history.writing_tenant();
    me constant uuid := history.user_id();
    c public.conversations;
    wanted uuid;
begin
    if conversation is not null then
        select o.* into c from public.conversations o
        where o.tenant_id = tenant and o.user_id = me and o.id = conversation for no key update;
        if found or chat_id is null or history.is_deleted(conversation) then
            return c;
        end if;
    end if;
    wanted := case when chat_id is not null then history.derived_id('chat', chat_id)
        when key is not null then history.derived_id('chat-of-key', key) else new_conversation end;
    select o.* into c from public.conversations o
    where o.tenant_id = tenant and o.user_id = me and o.id = wanted for no key update;
    if not found and chat_id is null and key is not null and history.is_deleted(wanted) then
        return c; -- what a key has made is made once
    end if;
    if not found and new_conversation is not null then
        insert into public.conversations as n (id, tenant_id, user_id) values (wanted, tenant, me)
        on conflict do nothing returning n.* into c;
    end if;
    if c.id is null and new_conversation is not null then -- somebody has made it in this moment
        select o.* into c from public.conversations o
        where o.tenant_id = tenant and o.user_id = me and o.id = wanted for no key update;
    end if;
    return c;
end $$;
