-- Continues an answer whose tool calls a client has run: the results become part of it, and it is running again. If an attempt to
-- continue it ended without being complete, the same results are enough, and it goes on from where that attempt began. answer: its row;
-- client_parts: the client's, of which only results are taken. In and out as in claim_turn, which calls it with a conversation that the
-- caller may change. Runs as the owner, so it looks only for the caller's own conversations.
create or replace function history.continue_turn(
    conversation uuid, answer_id text, client_parts jsonb, attempt uuid, lease interval, key text, key_hash text,
    most integer, characters integer, limits jsonb,
    out decision text, out title text, out question history.message, out answer history.message, out seen jsonb, out quota jsonb)
language plpgsql security definer set search_path = history_maintenance, pg_temp
as $$
declare
    tenant constant uuid := history.current_tenant();
    me constant uuid := history.user_id();
    c public.conversations := history.taken_over(tenant, me, conversation);
    q public.messages;
    a public.messages;
    keyed constant public.messages := history.made_with(tenant, me, key);
    asked constant public.messages := history.question_of_key(keyed);
    before public.messages;
    refused text;
    merged jsonb;
    until constant timestamptz := clock_timestamp() + lease;
    kept jsonb;
begin
    a := history.known_message(tenant, c.id, answer_id);
    q := history.question_of(a);
    before := history.before_attempt(a);
    if a.role = 'assistant' then
        refused := history.refused_result(before.parts, client_parts);
        merged := coalesce(history.with_results(before.parts, client_parts), case
            when a.status <> 'completed' and client_parts @? '$[*].state ? (@ starts with "output-" || @ == "approval-responded")'
            then before.parts end);
    end if;
    decision := case
        when keyed.id is null and history.is_deleted(history.derived_id('request', key)) or keyed.id is not null and not (a.current and asked.current) then 'deleted'
        when not string_to_array(keyed.request_hash, ' ') && string_to_array(key_hash, ' ') then 'other request'
        when a.id is null then case when history.was_deleted(c.id, answer_id) then 'deleted' else 'unknown' end
        when keyed.id is null and (not a.current or a.seq < q.seq or q.id is distinct from (select l.id from history.last_question(tenant, c.id) l)) then 'replaced'
        when q.id is null then 'nothing'
        when a.metadata #>> '{attempt,id}' = attempt::text then 'granted'
        when greatest(a.lease_until, history.element_time(a.metadata #> '{attempt,until}')) > clock_timestamp() or history.collides(tenant, c.id, null, a.seq) then 'busy'
        when refused is not null then 'no result: ' || refused
        when merged is not null then 'granted'
        when a.parts is null or a.status <> 'completed' then 'no result: No tool call of the stored answer waits for a result.'
        else 'answered' end;
    if decision = 'granted' and a.metadata #>> '{attempt,id}' is distinct from attempt::text then
        perform history.refuse_message(null, null, merged, 0);
        quota := history.grant_turn(limits);
        kept := history.own_element(before, history.object_of(a.metadata) - 'ui_parts' || jsonb_build_object('status', 'running', 'attempt',
            jsonb_build_object('id', attempt, 'until', until, 'before', jsonb_build_object('parts', jsonb_array_length(merged),
                'characters', char_length(before.content)))) || case when key is null then '{}' else jsonb_build_object(
            'requests', coalesce(a.metadata -> 'requests', '{}') || jsonb_build_object(key, key_hash)) end);
        a.content := substr(a.content, char_length(before.content) + 1);
        perform history.keep_key(q, a, c.last_seq + 1, case when keyed.id is null then key end, key_hash);
        update public.messages m set content = before.content, parts = merged, status = 'running', lease_until = until, reply_to = q.id,
            metadata = kept where m.tenant_id = tenant and m.id = a.id returning m.* into a;
        perform history.refuse_loss(found, 'messages');
        c := history.turn_written(c, c.last_seq + 1, 0, '{}');
    end if;
    seen := history.seen_by_model(tenant, c.id, q.seq, most, characters);
    title := c.title;
    question := history.shown_message(q);
    answer := history.shown_message(a);
end $$;
