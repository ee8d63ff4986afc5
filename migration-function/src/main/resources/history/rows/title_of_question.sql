-- The title of a conversation that nobody has named: the first words of its first question. Called under the lock.
create or replace function history.title_of_question(c public.conversations) returns text
language plpgsql stable set search_path = history_maintenance, pg_temp
as $$
begin
    return coalesce((
        select history.first_words(m.content) from public.messages m
        where m.tenant_id = c.tenant_id and m.conversation_id = c.id and m.current and m.role = 'user'
        order by m.seq limit 1), 'New Conversation');
end $$;
