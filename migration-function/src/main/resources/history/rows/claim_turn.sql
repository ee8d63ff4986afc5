-- Claims a turn: who gets it granted has the question answered, and nobody else. In: where (the conversation's id or the client's
-- own, else a new one), what (message_id is the client's; content null with anew: a question as it stands, without: an answer,
-- target, that goes on with the results of its tool calls in parts; target: the message that is edited or answered anew; earlier:
-- the list before it, [{id, role, content, metadata, parts}]), who (attempt is the answer's row; the same attempt again gets the
-- same answer; lease: how long nobody else may try), how much the model is shown. Out: the decision, in the words of Java's enum,
-- and the turn. Locks the conversation, as the caller. Called by Turns, before the model.
create or replace function history.claim_turn(
    conversation uuid, chat_id text, new_conversation uuid, message_id text, new_message uuid, content text, metadata jsonb,
    anew boolean, attempt uuid, lease interval, key text, key_hash text, most integer, characters integer,
    parts jsonb default null, target text default null, earlier jsonb default '[]',
    out decision text, out conversation_id uuid, out title text,
    out question history.message, out answer history.message, out seen jsonb)
language plpgsql set search_path = pg_catalog, pg_temp
as $$
declare
    said constant jsonb := case when content is not null
        then jsonb_build_object('id', message_id, 'content', content, 'metadata', metadata, 'parts', parts) end;
    is_about_one constant boolean := said is null or target is not null and not anew; -- that must be there
    c public.conversations := history.lock_conversation(
        conversation, chat_id, key, case when not is_about_one then new_conversation end);
    taken record;
begin
    if c.id is null then
        decision := case
            when history.hidden_from_caller(conversation) or history.hidden_from_caller(history.derived_id('chat', chat_id)) then 'hidden'
            when conversation is null and chat_id is null and key is not null then 'deleted'
            when anew and said is null then 'nothing' else 'missing' end;
        return;
    end if;
    if said is null and not anew then
        taken := history.continue_turn(c.id, target, parts, attempt, lease, most, characters);
    else
        taken := history.take_turn(
            c.id, said, new_message, target, earlier, anew, attempt, lease, key, key_hash, most, characters);
    end if;
    decision := taken.decision;
    conversation_id := c.id;
    title := taken.title;
    question := taken.question;
    answer := taken.answer;
    seen := taken.seen;
end $$;
