-- What took the place of a message that is not shown: for an answer the one to the same question, else the next message that is shown;
-- for a question the one that the next answer belongs to, or that is last and has no answer. Null if there is none. Called by all_messages.
create or replace function history.replaced_by(m public.messages) returns uuid
language plpgsql stable set search_path = history_maintenance, pg_temp
as $$
declare
    q public.messages;
    n public.messages;
begin
    if m.role = 'assistant' then
        select x.* into q from public.messages x
        where x.tenant_id = m.tenant_id and x.conversation_id = m.conversation_id and x.id = m.reply_to and x.current;
    end if;
    select x.* into n from public.messages x
    where x.tenant_id = m.tenant_id and x.conversation_id = m.conversation_id and x.current and x.seq > coalesce(q.seq, m.seq)
    order by x.seq limit 1;
    if m.role = 'user' and n.id is null then
        select x.* into n from public.messages x
        where x.tenant_id = m.tenant_id and x.conversation_id = m.conversation_id and x.current order by x.seq desc limit 1;
        return case when n.role = 'user' then n.id end;
    end if;
    if m.role = 'user' and n.role = 'assistant' then
        q := history.known_message(n.tenant_id, n.conversation_id, n.reply_to::text);
    end if;
    return case when m.role = 'user' then coalesce(q.id, n.id) else n.id end;
end $$;
