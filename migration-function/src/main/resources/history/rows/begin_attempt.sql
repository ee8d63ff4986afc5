-- Stores a question, or a new text of one, and an attempt at its answer. A complete answer stays until the next one is complete, and so
-- does what follows a question that is regenerated; any other answer is replaced by the new attempt.
-- said, new_message, missing, place: as in question_asked, for a new question; what comes after place is replaced.
-- Out: the conversation, the question and the attempt as they are then. Called by take_turn, under the lock.
create or replace function history.begin_attempt(
    inout c public.conversations, inout q public.messages, inout a public.messages, said jsonb, new_message uuid, missing jsonb,
    place bigint, anew boolean, attempt uuid, until timestamptz, key text, key_hash text)
language plpgsql set search_path = history_maintenance, pg_temp
as $$
declare
    moment timestamptz := clock_timestamp();
    next bigint := c.last_seq + 1; -- the place at the end
    added integer := 0;
    is_new constant boolean := q.id is null;
    is_edit constant boolean := history.is_edit(q, said);
    beside constant boolean := not is_new and not is_edit and (a.status is not distinct from 'completed' or anew and coalesce(a.id, q.id) <> (
        select m.id from public.messages m
        where m.tenant_id = c.tenant_id and m.conversation_id = c.id and m.current order by m.seq desc limit 1));
    follows constant boolean := c.title in ('New Conversation', history.title_of_question(c)); -- nobody gave one
    each jsonb;
    appended public.messages[] := '{}';
begin
    if c.last_message_at >= moment and c.last_message_at < moment + interval '1 second' then
        moment := c.last_message_at + interval '1 microsecond';
    end if;
    update public.messages m
    set lease_until = null, status = case when m.content = '' then 'failed' else 'incomplete' end
    where m.tenant_id = c.tenant_id and m.conversation_id = c.id and m.lease_until is not null and m.reply_to = q.id
        and m.status = 'running' and not m.current;
    if is_new then
        added := -history.replace_behind(c.tenant_id, c.id, place, next);
        for each in select e.value from jsonb_array_elements(missing || said) with ordinality e(value, i) order by e.i loop
            q := history.add_question(c, each, new_message, next, moment);
            appended := appended || q;
            next := next + 1;
            moment := moment + interval '1 microsecond';
        end loop;
        added := added + cardinality(appended);
    elsif is_edit then
        added := -history.keep_version(q, said, next);
        next := next + 1;
    elsif a.id is not null and not beside then
        added := -history.replace_behind(c.tenant_id, c.id, a.seq - 1, a.seq + 1);
        update public.messages m set seq = next where m.tenant_id = c.tenant_id and m.id = a.id;
    end if;
    c.last_seq := next;
    a := history.add_attempt(q, attempt, case when is_new or is_edit or beside or a.id is null then next else a.seq end, moment, not beside,
        until, key, key_hash);
    if beside then
        update public.conversations o set last_seq = next where o.tenant_id = c.tenant_id and o.id = c.id;
        return;
    end if;
    if not is_new and not is_edit then
        perform history.store_metadata(q, said);
    end if;
    select m.* into q from public.messages m where m.tenant_id = c.tenant_id and m.id = q.id;
    if follows then
        c.title := history.title_of_question(c);
    end if;
    c.last_message_at := case when c.last_message_at > moment then (history.counted(c.tenant_id, c.id)).newest else moment end;
    c := history.turn_written(c, next, added + 1, case when is_new and added = cardinality(appended) then appended || a else '{}' end);
end $$;
