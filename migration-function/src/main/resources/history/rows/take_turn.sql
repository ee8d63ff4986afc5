-- Decides a turn of a conversation and writes it. In and out as in claim_turn, which calls it with a conversation that the caller may
-- change. Runs as the owner, because clients may not write the columns of a turn; so it looks only for the caller's own conversations.
create or replace function history.take_turn(
    conversation uuid, said jsonb, new_message uuid, target text, earlier jsonb, anew boolean, attempt uuid, lease interval,
    key text, key_hash text, most integer, characters integer, limits jsonb,
    out decision text, out title text, out question history.message, out answer history.message, out seen jsonb, out quota jsonb)
language plpgsql security definer set search_path = history_maintenance, pg_temp
as $$
declare
    tenant constant uuid := history.current_tenant();
    me constant uuid := history.user_id();
    c public.conversations := history.taken_over(tenant, me, conversation);
    keyed public.messages := history.made_with(tenant, me, key);
    asked record;
    q public.messages;
    a public.messages;
    meant record;
    begun record;
    own public.messages; -- the question that was sent, which may share the answer of q
    ending public.messages;
begin
    if keyed.id is null then -- the call again: its answer got lost
        keyed := history.known_message(tenant, c.id, attempt::text);
    end if;
    asked := history.question_asked(c, keyed, target, said, earlier, anew, key);
    q := asked.q;
    ending := history.known_message(tenant, c.id, said ->> 'id');
    if anew and target is not null and ending.id is distinct from q.id or q.id is not null and keyed.id is not null then
        said := null; -- what the list ends with is another question, or what came with the key is there, perhaps edited since
    end if;
    own := q;
    meant := history.answer_meant(q, said, anew);
    q := meant.q;
    a := meant.a;
    decision := case
        when a.id = attempt then 'granted'
        when not string_to_array(keyed.request_hash, ' ') && string_to_array(key_hash, ' ') and asked.decision is distinct from 'deleted' then 'other request'
        when asked.decision is not null then asked.decision
        when not q.current then 'replaced'
        when greatest(a.lease_until, q.lease_until) > clock_timestamp() then 'busy'
        when a.status = 'completed' and (keyed.status = 'completed' or not anew and not meant.edits) then 'answered'
        when history.collides(tenant, c.id, case when q.id is null then asked.place when anew or meant.edits then q.seq end, q.seq) then 'busy'
        else 'granted' end;
    c := history.take_results(c, case when decision in ('granted', 'answered') then earlier end);
    if decision = 'granted' and a.id is distinct from attempt then
        quota := history.grant_turn(limits);
        if own.id <> q.id then
            perform history.store_metadata(own, said);
        end if;
        begun := history.begin_attempt(c, q, a, meant.said, new_message, asked.missing, asked.place, anew, attempt,
            clock_timestamp() + lease, key, key_hash);
        c := begun.c;
        q := begun.q;
        a := begun.a;
    elsif decision = 'answered' then
        q := history.answer_again(c, asked.q, q, a, said, case when keyed.id is null then key end, key_hash);
    end if;
    seen := case when decision = 'granted' then history.seen_by_model(tenant, c.id, q.seq, most, characters) end;
    title := c.title;
    question := history.shown_message(q);
    answer := history.shown_message(a);
end $$;
