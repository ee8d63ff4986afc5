-- Writes the end of an attempt to its row. An attempt beside a complete answer takes that answer's place if it is complete, or was
-- stopped with some text; what followed the answer is replaced. It does not if it has been replaced meanwhile, or a later attempt exists:
-- not one with a time to come, which is a service's. An answer that went on and failed is incomplete: it has what it had.
-- Called by store_end and store_stop, which have the lock.
create or replace function history.end_attempt(
    c public.conversations, q public.messages, a public.messages, status text, content text, metadata jsonb) returns public.messages
language plpgsql set search_path = history_maintenance, pg_temp
as $$
declare
    takes_place constant boolean := not a.current and coalesce(q.current, false) and a.status in ('running', 'stopped')
        and (end_attempt.status = 'completed' or end_attempt.status = 'stopped' and content <> '')
        and not exists (
            select from public.messages m
            where m.tenant_id = c.tenant_id and m.conversation_id = c.id and m.reply_to = q.id
                and m.created_at > a.created_at and m.created_at <= clock_timestamp() + interval '1 second');
    counts constant boolean := a.status = 'running' or a.metadata -> 'usage' is distinct from metadata -> 'usage'; -- and is no end again
    kept constant jsonb := a.metadata - '{attempt,finish_reason}'::text[] || metadata || jsonb_build_object('status',
            case when status = 'failed' and (content <> '' or a.parts is not null) then 'incomplete' else status end)
        || case when a.metadata #> '{attempt,before}' is not null -- the end may come again, and belongs to no later attempt
            then jsonb_build_object('attempt', (a.metadata -> 'attempt') - case
                when status = 'completed' then '{until,before}'::text[]
                when status <> 'stopped' or a.status <> 'running' then '{until}' -- else its maker has not heard yet that it was stopped
                else '{}' end) else '{}' end;
    turn record;
    added integer := 0;
begin
    turn := history.turn_of(kept);
    if takes_place then
        added := 1 - history.replace_behind(c.tenant_id, c.id, q.seq, a.seq);
    end if;
    update public.messages m
    set content = end_attempt.content, status = turn.status, metadata = kept, lease_until = null, current = a.current or takes_place,
        model = turn.model, input_tokens = turn.input_tokens, output_tokens = turn.output_tokens,
        parts = case when m.parts is not null then history.with_step(m.parts, end_attempt.content, a.metadata) end
    where m.tenant_id = c.tenant_id and m.id = a.id
    returning m.* into a;
    perform history.refuse_loss(found, 'messages');
    if a.current then
        c.last_message_at := case when takes_place and c.last_message_at > a.created_at then (history.counted(c.tenant_id, c.id)).newest
            else greatest(c.last_message_at, a.created_at) end;
        perform history.turn_written(c, c.last_seq, added, '{}');
    end if;
    if counts then
        perform history.count_tokens(metadata);
    end if;
    return a;
end $$;
