-- Takes the outcomes of tool calls that a client sends with a question behind the answer instead of with the answer alone, also while it
-- goes on. earlier: as in standing;
-- the answer has {id, role, parts}, parts as JSON in a string. What its calls do not take is left out. Out: the conversation
-- as it is then. Called by take_turn, which has the lock.
create or replace function history.take_results(c public.conversations, earlier jsonb) returns public.conversations
language plpgsql set search_path = history_maintenance, pg_temp
as $$
declare
    sent constant jsonb := jsonb_path_query_first(earlier, '$[*] ? (@.role == "assistant" && @.parts != null)');
    a public.messages;
    merged jsonb;
begin
    a := history.known_message(c.tenant_id, c.id, sent ->> 'id');
    if a.role = 'assistant' and a.current then
        merged := history.with_results(a.parts, (sent ->> 'parts')::jsonb);
    end if;
    if merged is not null and history.excess(merged, 4000000, 'parts') is null then
        update public.messages m set parts = merged where m.tenant_id = c.tenant_id and m.id = a.id;
        perform history.refuse_loss(found, 'messages');
        c := history.turn_written(c, c.last_seq, 0, '{}');
    end if;
    return c;
end $$;
