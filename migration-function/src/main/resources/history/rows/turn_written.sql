-- Updates the conversation after a turn has written visible messages: counters, title, version, array. added: how many more are shown;
-- appended: the new ones at the end, if nothing else has changed. Called by the functions of a turn, which have the lock.
create or replace function history.turn_written(c public.conversations, last_seq bigint, added integer, appended public.messages[])
returns public.conversations
language plpgsql set search_path = history_maintenance, pg_temp
as $$
declare
    version constant timestamptz := history.next_version(c.updated_at);
    elements jsonb;
    m public.messages;
begin
    if (select s.phase from history.state s) <> 'complete' then
        foreach m in array appended loop
            elements := history.appended(coalesce(elements, c.messages), history.element_of(
                m.id, m.conversation_id, m.user_id, m.role, m.content, history.with_parts(m.metadata, m.parts), m.created_at));
        end loop;
        elements := coalesce(elements, history.wrapped(c.messages, coalesce(history.rebuilt(c.id), '[]')));
        perform history.refuse_growth(c.tenant_id, c.id, elements);
        update public.conversations o set messages = elements where o.tenant_id = c.tenant_id and o.id = c.id;
    end if;
    update public.conversations o
    set last_seq = turn_written.last_seq, message_count = c.message_count + added, title = c.title, updated_at = version,
        revision = c.revision + 1, last_message_at = c.last_message_at
    where o.tenant_id = c.tenant_id and o.id = c.id
    returning o.* into c;
    perform history.refuse_loss(found, 'conversations');
    return c;
end $$;
