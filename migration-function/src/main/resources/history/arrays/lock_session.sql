-- As rows/lock_conversation, of chat_sessions.
create or replace function history.lock_session(
    tenant uuid, me uuid, conversation uuid, chat_id text, key text, new_conversation uuid)
returns public.chat_sessions
language plpgsql set search_path = pg_catalog, pg_temp
as $$
declare
    c public.chat_sessions;
    wanted uuid;
begin
    if conversation is not null then
        select s.* into c from public.chat_sessions s
        where s.tenant_id = tenant and s.user_id = me and s.id = conversation for no key update;
        if found or chat_id is null or history.is_deleted(conversation) then
            return c;
        end if;
    end if;
    wanted := coalesce(history.derived_id('chat', chat_id), history.derived_id('chat-of-key', key), new_conversation);
    if new_conversation is not null and not exists (
        select from public.chat_sessions s where s.tenant_id = tenant and s.user_id = me and s.id = wanted)
        and not (chat_id is null and key is not null and history.is_deleted(wanted)) -- what a key has made is made once
    then
        insert into public.chat_sessions (id, tenant_id, user_id, title, messages, metadata)
        values (wanted, tenant, me, 'New Conversation', '[]', '{}')
        on conflict do nothing;
    end if;
    select s.* into c from public.chat_sessions s
    where s.tenant_id = tenant and s.user_id = me and s.id = wanted for no key update;
    return c;
end $$;
