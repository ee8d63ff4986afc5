-- The title of a conversation: its own, or the first words of its first question. Called by begin_attempt, which has the lock.
create or replace function history.titled(c public.conversations) returns text
language plpgsql stable set search_path = history_maintenance, pg_temp
as $$
begin
    if c.title <> 'New Conversation' then
        return c.title;
    end if;
    return coalesce((
        select history.first_words(m.content) from public.messages m
        where m.tenant_id = c.tenant_id and m.conversation_id = c.id and m.current and m.role = 'user'
        order by m.seq limit 1), c.title);
end $$;
