-- The title of a conversation after a change of its questions. One that nobody gave is the first words of the first question, and follows it.
-- question: what the first of those that changed said before; null if none did. Called by messages_changed, which has the lock.
create or replace function history.followed_title(tenant uuid, conversation uuid, place bigint, question text) returns text
language plpgsql stable set search_path = history_maintenance, pg_temp
as $$
declare
    c public.conversations;
begin
    select o.* into c from public.conversations o where o.tenant_id = tenant and o.id = conversation;
    if c.title = history.first_words(question) and not exists (
        select from public.messages m
        where m.tenant_id = tenant and m.conversation_id = conversation and m.current and m.role = 'user' and m.seq < place)
    then
        return history.title_of_question(c);
    end if;
    return c.title;
end $$;
