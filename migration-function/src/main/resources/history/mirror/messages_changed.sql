-- messages, after a client's update or delete that changed any: counts again, and with 'mirror' rebuilds the array. Locks conversations.
-- Records what was deleted; of messages that went with their conversation only the keys of their requests. The key of an answer whose
-- question is there goes to that. A title that nobody gave follows the first question.
create or replace function history.messages_changed() returns trigger
language plpgsql security definer set search_path = history_maintenance, pg_temp
as $$
declare
    changed record;
    version timestamptz;
    recount boolean;
    counted integer;
    newest timestamptz;
    followed text;
    still_there uuid[] := '{}';
    questions uuid[] := '{}'; -- of what was deleted
begin
    for changed in -- each conversation, with the first of its questions
        select distinct on (b.conversation_id) b.tenant_id, b.conversation_id as id, b.seq,
            case when b.current and b.role = 'user' then b.content end as question
        from before b order by b.conversation_id, (b.current and b.role = 'user') desc, b.seq
    loop
        continue when tg_op = 'UPDATE' and not exists (
            select from before b join public.messages m on m.id = b.id
            where b.conversation_id = changed.id and m.tenant_id = changed.tenant_id and m *<> b);
        select history.next_version(c.updated_at) into version from public.conversations c
        where c.tenant_id = changed.tenant_id and c.id = changed.id for no key update;
        continue when not found; -- deleted with its messages
        still_there := still_there || changed.id;
        if tg_op = 'DELETE' then
            perform history.remove_unasked(changed.tenant_id, changed.id);
            perform history.return_key(b.tenant_id, b.conversation_id, b.reply_to, b.request_key, b.request_hash, b.metadata -> 'requests')
            from before b where b.tenant_id = changed.tenant_id and b.conversation_id = changed.id order by b.created_at, b.seq;
            questions := questions || array(
                select q.id from public.messages q
                where q.tenant_id = changed.tenant_id and q.conversation_id = changed.id and q.id in (select b.reply_to from before b));
        end if;
        if tg_argv[0] = 'mirror' then
            perform history.rebuild_array(changed.tenant_id, changed.id);
        end if;
        recount := tg_op = 'DELETE' or exists (
            select from before b join public.messages m on m.id = b.id
            where b.conversation_id = changed.id and m.tenant_id = changed.tenant_id
                and (m.created_at, m.current) is distinct from (b.created_at, b.current));
        select n.messages, n.newest into counted, newest from history.counted(changed.tenant_id, changed.id) n where recount;
        followed := history.followed_title(changed.tenant_id, changed.id, changed.seq, changed.question);
        update public.conversations c
        set message_count = case when recount then counted else c.message_count end,
            last_message_at = case when recount then newest else c.last_message_at end, title = followed, updated_at = version,
            revision = c.revision + 1
        where c.tenant_id = changed.tenant_id and c.id = changed.id;
    end loop;
    if tg_op = 'DELETE' then
        insert into history.deleted (tenant_id, user_id, id)
        select b.tenant_id, b.user_id, n.name
        from before b
        cross join lateral history.names_of(b.id, b.tenant_id, b.user_id, b.metadata, b.request_key) n
        where case when n.is_key then (b.reply_to = any (questions)) is not true else b.conversation_id = any (still_there) end
        on conflict do nothing;
    end if;
    return null;
end $$;
