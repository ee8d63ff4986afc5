-- messages, before insert by a client: locks the conversation and sets its tenant and user, the next seq, and, if the client gives no
-- time, one after the last message's. What metadata say of a turn is taken from the functions only. Leaves two marks for triggers
-- that run as the caller: seq 0 if the conversation or the message is not the user's own, for message_allowed; a negative seq if the
-- id is taken, for id_refused.
create or replace function history.message_inserted() returns trigger
language plpgsql security definer set search_path = history_maintenance, pg_temp
as $$
declare
    me constant uuid := history.user_id();
    conversation record;
    before record;
begin
    if new.tenant_id is null then
        select c.tenant_id into new.tenant_id from public.conversations c where c.id = new.conversation_id and c.user_id = me;
    end if;
    select c.user_id, c.last_seq into conversation from public.conversations c
    where c.tenant_id = new.tenant_id and c.id = new.conversation_id
        and (tg_nargs > 0 or c.user_id = me and coalesce(new.user_id, me) = me)
    for no key update;
    if not found and tg_nargs = 0
        and not exists (select from pg_trigger t where t.tgrelid = tg_relid and t.tgname = 'history_3_inserted')
    then -- an upgrade attaches one trigger after the other
        select c.user_id, c.last_seq into conversation from public.conversations c
        where c.tenant_id = new.tenant_id and c.id = new.conversation_id for no key update;
    end if;
    if not found then
        new.seq := 0;
        return new;
    end if;
    new.user_id := coalesce(new.user_id, conversation.user_id);
    if conversation.last_seq is null then
        perform history.convert(array[new.conversation_id]);
        conversation.last_seq := (
            select c.last_seq from public.conversations c where c.tenant_id = new.tenant_id and c.id = new.conversation_id);
    end if;
    -- Rows of the same statement are not counted in last_seq yet.
    select m.seq, m.created_at into before from public.messages m
    where m.tenant_id = new.tenant_id and m.conversation_id = new.conversation_id order by m.seq desc limit 1;
    new.seq := 1 + greatest(conversation.last_seq, before.seq);
    if exists (select from public.messages m where m.id = new.id)
        or substr(new.id::text, 15, 1) = '8' and history.is_reserved(new.id, new.conversation_id)
    then
        new.seq := -new.seq;
    end if;
    if new.created_at is null or new.created_at = now() then -- the column's default, the same for a whole transaction
        new.created_at := clock_timestamp();
        if before.created_at >= new.created_at and before.created_at < new.created_at + interval '1 second' then
            new.created_at := before.created_at + interval '1 microsecond';
        end if;
    end if;
    new.metadata := coalesce(new.metadata, '{}');
    if new.metadata ? 'legacy' then -- the word that marks what came from an array
        new.metadata := (new.metadata - 'legacy') || jsonb_build_object('legacy_', new.metadata -> 'legacy');
    end if;
    if session_user = 'history_functions' and new.metadata ?| history.turn_keys() then -- the release before tells of a turn there
        new := jsonb_populate_record(new, to_jsonb(history.turn_of(new.metadata)));
    elsif jsonb_typeof(new.metadata) = 'object' then
        new.metadata := new.metadata - history.turn_keys();
    end if;
    return new;
end $$;
