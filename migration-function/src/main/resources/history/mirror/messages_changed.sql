-- messages, after a client's update or delete that changed any: counts again, and with 'mirror' rebuilds the array. Locks conversations.
-- Records what was deleted; of messages that went with their conversation only the keys of their requests.
create or replace function history.messages_changed() returns trigger
language plpgsql security definer set search_path = history_maintenance, pg_temp
as $$
declare
    changed record;
    version timestamptz;
    counted bigint;
    newest timestamptz;
    elements jsonb;
    still_there uuid[] := '{}';
begin
    for changed in select distinct b.tenant_id, b.conversation_id as id from before b loop
        continue when tg_op = 'UPDATE' and not exists (
            select from before b join public.messages m on m.id = b.id
            where b.conversation_id = changed.id and m.tenant_id = changed.tenant_id and m *<> b);
        select history.next_version(c.updated_at) into version from public.conversations c
        where c.tenant_id = changed.tenant_id and c.id = changed.id for no key update;
        continue when not found; -- deleted with its messages
        still_there := still_there || changed.id;
        perform history.remove_unasked(changed.tenant_id, changed.id) where tg_op = 'DELETE';
        if tg_argv[0] = 'mirror' then
            perform history.convert(array[changed.id]);
            elements := history.wrapped(
                (select c.messages from public.conversations c where c.tenant_id = changed.tenant_id and c.id = changed.id),
                coalesce(history.rebuilt(changed.id), '[]'));
            perform history.refuse_growth(changed.tenant_id, changed.id, elements);
        end if;
        if tg_op = 'DELETE' then
            counted := (
                select count(*) from public.messages m
                where m.tenant_id = changed.tenant_id and m.conversation_id = changed.id and m.current);
        end if;
        newest := (
            select m.created_at from public.messages m
            where m.tenant_id = changed.tenant_id and m.conversation_id = changed.id and m.current order by m.seq desc limit 1);
        if tg_argv[0] = 'mirror' then
            update public.conversations c
            set message_count = coalesce(counted, c.message_count), updated_at = version, messages = elements,
                revision = c.revision + 1, last_message_at = newest
            where c.tenant_id = changed.tenant_id and c.id = changed.id;
        else
            update public.conversations c
            set message_count = coalesce(counted, c.message_count), updated_at = version,
                revision = c.revision + 1, last_message_at = newest
            where c.tenant_id = changed.tenant_id and c.id = changed.id;
        end if;
    end loop;
    if tg_op = 'DELETE' then
        insert into history.deleted (tenant_id, user_id, id)
        select b.tenant_id, b.user_id, n.name
        from before b
        cross join lateral history.names_of(b.id, b.tenant_id, b.user_id, b.metadata, b.request_key) n
        where n.is_key or b.conversation_id = any (still_there)
        on conflict do nothing;
    end if;
    return null;
end $$;
