-- The question that a turn is about, by ids: of the message that target names, else of the message that was sent. said: {id, content,
-- metadata, parts}, null without a message; anew: regenerate, so target may name an answer. by_text: a message without an id is the
-- last question again if that has failed within ten minutes and has the same text.
-- Out: null columns if it is new; decision: why the turn is refused, or null. Called by question_asked, under the lock.
create or replace function history.question_known(
    c public.conversations, target text, said jsonb, anew boolean, by_text boolean, out q public.messages, out decision text)
language plpgsql stable set search_path = history_maintenance, pg_temp
as $$
declare
    message_id constant text := said ->> 'id';
    m public.messages;
    a public.messages;
begin
    m := history.known_message(c.tenant_id, c.id, coalesce(target, message_id));
    if m.id is null and target is not null and history.was_deleted(c.id, target) then
        decision := 'deleted';
        return;
    end if;
    if m.id is null and anew and target <> message_id then
        m := history.known_message(c.tenant_id, c.id, message_id);
    end if;
    if m.role = 'user' then
        q := m;
    elsif m.role = 'assistant' and anew then
        q := history.question_of(m);
        decision := case when q.id is null then 'nothing' end;
    elsif m.id is not null then
        decision := 'not a question';
    elsif not anew and target <> coalesce(message_id, '') then
        decision := 'unknown';
    elsif said is null then
        q := history.last_question(c.tenant_id, c.id);
        decision := case when q.id is null then 'nothing' when target is not null then 'elsewhere' end;
    elsif by_text and message_id is null then
        m := history.last_question(c.tenant_id, c.id);
        a := history.answer_of(c.tenant_id, c.id, m.id, m.seq);
        if (a.status in ('failed', 'incomplete') or a.id is null and m.metadata ? 'failure' -- in rows, in the array
                or a.status = 'running' and a.lease_until <= clock_timestamp())
            and coalesce(a.created_at, m.created_at) > clock_timestamp() - interval '10 minutes' and not history.is_edit(m, said)
        then
            q := m;
        end if;
    end if;
end $$;
