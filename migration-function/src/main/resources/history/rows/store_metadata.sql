-- Stores the metadata that a question is sent again with, unless there are none. said: as in begin_attempt. Out: the question as it is
-- then. Called by take_turn and begin_attempt, which have the lock.
create or replace function history.store_metadata(q public.messages, said jsonb) returns public.messages
language plpgsql set search_path = history_maintenance, pg_temp
as $$
begin
    if said -> 'metadata' <> 'null' and history.sent_metadata(q.metadata, said -> 'metadata') is distinct from q.metadata then
        q.metadata := history.question_metadata(q, said);
        update public.messages m set metadata = q.metadata where m.tenant_id = q.tenant_id and m.id = q.id;
    end if;
    return q;
end $$;
