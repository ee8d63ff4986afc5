-- messages, before insert by a client: the next place in the conversation, under its lock.
create or replace function history.message_inserted() returns trigger
language plpgsql security definer set search_path = history_maintenance, pg_temp
as $$
declare
    conversation record;
begin
    select c.id, c.last_seq into conversation
    from public.conversations c
    where c.tenant_id = new.tenant_id and c.id = new.conversation_id
    for no key update;
    if not found then
        new.seq := 0; -- the policy or the foreign key refuses it, without telling which
        return new;
    end if;
    if conversation.last_seq is null then
        perform history.convert(array[new.conversation_id]);
        select c.id, c.last_seq into conversation from public.conversations c where c.id = new.conversation_id;
    end if;
    -- Rows of the same statement are not counted in last_seq yet.
    new.seq := 1 + greatest(conversation.last_seq, (
        select max(m.seq) from public.messages m
        where m.tenant_id = new.tenant_id and m.conversation_id = new.conversation_id));
    if new.metadata ? 'legacy' then -- the word that marks what came from an array
        new.metadata := (new.metadata - 'legacy') || jsonb_build_object('legacy_', new.metadata -> 'legacy');
    end if;
    return new;
end $$;
