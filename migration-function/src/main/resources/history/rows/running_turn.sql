-- The turn of an attempt that another request is running: the one named, or the newest in the caller's conversation with id or chat_id.
-- Out: the turn, with status running while it is; null columns if there is none. Locks nothing. Called by Turns, to resume an answer.
create or replace function history.running_turn(
    conversation uuid, chat_id text, attempt uuid,
    out conversation_id uuid, out title text, out question history.message, out answer history.message)
language plpgsql stable set search_path = pg_catalog, pg_temp
as $$
declare
    tenant constant uuid := history.current_tenant();
    me constant uuid := history.user_id();
    chat constant uuid := history.derived_id('chat', chat_id);
    c public.conversations;
    read record;
begin
    select o.* into c from public.conversations o
    where o.tenant_id = tenant and o.user_id = me and o.id in (conversation, chat) order by o.id = conversation desc limit 1;
    read := history.read_turn(c.id, attempt);
    if (read.question).id is not null then
        conversation_id := c.id;
        title := c.title;
        question := read.question;
        answer := read.answer;
    end if;
end $$;
