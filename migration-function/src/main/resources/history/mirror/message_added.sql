-- messages, after insert by a client: counts, and with the argument 'mirror' appends to the array. For each row, because
-- a trigger with a transition table would make the backfill keep a copy of every row.
create or replace function history.message_added() returns trigger
language plpgsql security definer set search_path = history_maintenance, pg_temp
as $$
begin
    update public.conversations c
    set last_seq = greatest(c.last_seq, new.seq),
        message_count = c.message_count + 1,
        updated_at = greatest(clock_timestamp(), c.updated_at + interval '1 microsecond')
    where c.tenant_id = new.tenant_id and c.id = new.conversation_id;
    if tg_argv[0] = 'mirror' then
        update public.conversations c
        set messages = history.appended(c.messages, history.element_of(
            new.id, new.conversation_id, new.user_id, new.role, new.content, new.metadata, new.created_at))
        where c.tenant_id = new.tenant_id and c.id = new.conversation_id;
    end if;
    return null;
end $$;
