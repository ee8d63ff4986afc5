-- messages, after insert by a client, with the conversation locked: counts it, and with 'mirror' appends it to the array.
create or replace function history.message_added() returns trigger
language plpgsql security definer set search_path = history_maintenance, pg_temp
as $$
declare
    version timestamptz;
    elements jsonb;
begin
    select history.next_version(c.updated_at) into version from public.conversations c
    where c.tenant_id = new.tenant_id and c.id = new.conversation_id;
    if tg_argv[0] = 'mirror' then
        elements := history.appended(
            (select c.messages from public.conversations c where c.tenant_id = new.tenant_id and c.id = new.conversation_id),
            history.element_of(new.id, new.conversation_id, new.user_id, new.role, new.content, new.metadata, new.created_at));
        perform history.refuse_growth(new.tenant_id, new.conversation_id, elements);
        update public.conversations c
        set last_seq = greatest(c.last_seq, new.seq), message_count = c.message_count + 1, updated_at = version, messages = elements,
            revision = c.revision + 1, last_message_at = greatest(c.last_message_at, new.created_at)
        where c.tenant_id = new.tenant_id and c.id = new.conversation_id;
    else
        update public.conversations c
        set last_seq = greatest(c.last_seq, new.seq), message_count = c.message_count + 1, updated_at = version,
            revision = c.revision + 1, last_message_at = greatest(c.last_message_at, new.created_at)
        where c.tenant_id = new.tenant_id and c.id = new.conversation_id;
    end if;
    return null;
end $$;
