-- messages, after update or delete by a client: counts, and with 'mirror' renews the array.
create or replace function history.messages_changed() returns trigger
language plpgsql security definer set search_path = history_maintenance, pg_temp
as $$
declare
    conversation record;
begin
    for conversation in select distinct b.tenant_id, b.conversation_id as id from before b loop
        if tg_argv[0] = 'mirror' then
            perform from public.conversations c where c.id = conversation.id for no key update;
            perform history.convert(array[conversation.id]);
            update public.conversations c
            set messages = history.wrapped(c.messages, coalesce(history.rebuilt(c.id), '[]'))
            where c.tenant_id = conversation.tenant_id and c.id = conversation.id;
        end if;
        update public.conversations c
        set message_count = case when tg_op = 'DELETE' then (
                select count(*) from public.messages m where m.tenant_id = c.tenant_id and m.conversation_id = c.id)
            else c.message_count end,
            updated_at = greatest(clock_timestamp(), c.updated_at + interval '1 microsecond')
        where c.tenant_id = conversation.tenant_id and c.id = conversation.id;
    end loop;
    return null;
end $$;
