-- Claims a turn: the caller that is granted it has the question answered, and nobody else.
-- In: conversation or chat_id (the client's own id), else new_conversation. message_id: the client's.
-- content: null with anew, for a question as it is stored; null without, to continue an answer, target, with the results of its tool
-- calls. ui_parts: JSON as text. target: the message that is edited or regenerated.
-- earlier: the client's list before it, [{id, role, content, metadata, parts}].
-- attempt: the answer's row; the same attempt again gets the same result. lease: how long nobody else may try.
-- most, characters: how much the model sees. limits: as in grant_turn, which raises PT429 when one is reached.
-- Out: the decision, in the words of Java's enum, of 'no result' with ': ' and a sentence for the caller; the turn; and quota, what
-- grant_turn says of a turn that is granted. A turn that is refused leaves no conversation.
-- Locks the conversation, as the caller. Called by Turns, before the model.
create or replace function history.claim_turn(
    conversation uuid, chat_id text, new_conversation uuid, message_id text, new_message uuid, content text, metadata jsonb,
    anew boolean, attempt uuid, lease interval, key text, key_hash text, most integer, characters integer,
    ui_parts text default null, target text default null, earlier jsonb default '[]', limits jsonb default '{}',
    out decision text, out conversation_id uuid, out title text,
    out question history.message, out answer history.message, out seen jsonb, out quota jsonb)
language plpgsql set search_path = pg_catalog, pg_temp
as $$
declare
    tenant constant uuid := history.current_tenant();
    said constant jsonb := case when content is not null
        then jsonb_build_object('id', message_id, 'content', content, 'metadata', metadata, 'parts', ui_parts) end;
    c public.conversations := history.lock_conversation(conversation, chat_id, key, null);
    was_there constant boolean := c.id is null and history.is_deleted(history.derived_id('chat', chat_id));
    is_about_one constant boolean := said is null -- that must be there
        or target is not null and not anew and (target is distinct from message_id or was_there);
    taken record;
begin
    if c.id is null and not is_about_one then
        begin
            c := history.lock_conversation(conversation, chat_id, key, new_conversation);
            if c.id is not null then
                taken := history.take_turn(
                    c.id, said, new_message, target, earlier, anew, attempt, lease, key, key_hash, most, characters, limits);
                if taken.decision not in ('granted', 'answered') then
                    raise exception using errcode = 'PT410';
                end if;
            end if;
        exception when sqlstate 'PT410' then -- with the refusal, but without the conversation; or it has been erased
            decision := case when c.id is null then 'deleted' end;
        end;
    end if;
    if c.id is null and decision is null and (
        history.hidden_from_caller(conversation)
        or (conversation is null or chat_id is not null)
            and not exists (select from public.conversations o where o.tenant_id = tenant and o.id = conversation) -- which an admin reads
            and history.hidden_from_caller(coalesce(
                history.derived_id('chat', chat_id), history.derived_id('chat-of-key', key), new_conversation)))
    then
        c := history.lock_conversation(conversation, chat_id, key, null);
        decision := case when c.id is null then 'hidden' end;
    end if;
    if c.id is null then
        decision := coalesce(decision, history.no_conversation(conversation, chat_id, key, anew and said is null));
        return;
    end if;
    if said is null and not anew then
        taken := history.continue_turn(c.id, target, ui_parts::jsonb, attempt, lease, key, key_hash, most, characters, limits);
    elsif taken is null then
        taken := history.take_turn(
            c.id, said, new_message, target, earlier, anew, attempt, lease, key, key_hash, most, characters, limits);
    end if;
    decision := taken.decision;
    conversation_id := c.id;
    title := taken.title;
    question := taken.question;
    answer := taken.answer;
    seen := taken.seen;
    quota := taken.quota;
end $$;
