-- The conversation of a turn, locked: the caller's own by its id, or by the id derived from the client's chat id or the request's key; else
-- it is created, where new_conversation is given and it was not deleted. Out: null columns if there is none. Runs as the caller: the
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
    is_new boolean := false;
begin
    if conversation is not null then
        select o.* into c from public.conversations o
        where o.tenant_id = tenant and o.user_id = me and o.id = conversation for no key update;
        if found or chat_id is null or history.is_deleted(conversation)
            or exists (select from public.conversations o where o.tenant_id = tenant and o.id = conversation) -- which an admin reads
        then
            return c;
        end if;
    end if;
    wanted := coalesce(history.derived_id('chat', chat_id), history.derived_id('chat-of-key', key), new_conversation);
    if new_conversation is not null and not exists (
        select from public.conversations o where o.tenant_id = tenant and o.user_id = me and o.id = wanted)
        and not (chat_id is null and key is not null and history.is_deleted(wanted)) -- what a key has made is made once
    then
        insert into public.conversations (id, tenant_id, user_id) values (wanted, tenant, me) on conflict do nothing;
        is_new := true;
    end if;
    select o.* into c from public.conversations o
    where o.tenant_id = tenant and o.user_id = me and o.id = wanted for no key update;
    if is_new and not found and not history.is_deleted(wanted) and not history.hidden_from_caller(wanted) then
        perform history.refuse_loss(false, 'conversations');
    end if;
    return c;
end $$;
