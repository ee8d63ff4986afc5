-- Writes the end of an attempt into its row. One that grew beside a complete answer takes its place when it is complete, and what
-- followed that answer goes; one that has been replaced meanwhile stays so. Called by store_end, which has the lock.
create or replace function history.end_attempt(
    c public.conversations, q public.messages, a public.messages, status text, content text, metadata jsonb) returns public.messages
language plpgsql set search_path = history_maintenance, pg_temp
as $$
declare
    takes_place constant boolean :=
        not a.current and a.status = 'running' and end_attempt.status = 'completed' and coalesce(q.current, false);
    kept constant jsonb := a.metadata - 'attempt' || metadata || jsonb_build_object('status', status);
    turn record;
    added integer := 0;
begin
    turn := history.turn_of(kept);
    if takes_place then
        added := 1 - history.replace_behind(c.tenant_id, c.id, q.seq, a.seq);
    end if;
    update public.messages m
    set content = end_attempt.content, status = turn.status, metadata = kept, lease_until = null, current = a.current or takes_place,
        model = turn.model, input_tokens = turn.input_tokens, output_tokens = turn.output_tokens
    where m.tenant_id = c.tenant_id and m.id = a.id
    returning m.* into a;
    if a.current then
        c.last_message_at := greatest(c.last_message_at, a.created_at);
        perform history.turn_written(c, c.last_seq, added, '{}');
    end if;
    return a;
end $$;
