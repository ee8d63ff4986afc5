-- The time that an element without one takes: that of the last one before it with a time, of at most ten thousand; else
-- otherwise. Called by put, and by convert after a slice.
create or replace function history.time_before(tenant uuid, conversation uuid, place bigint, otherwise timestamptz)
returns timestamptz
language plpgsql stable set search_path = history_maintenance, pg_temp
as $$
declare
    last record;
begin
    select m.seq, m.created_at into last from public.messages m
    where m.tenant_id = tenant and m.conversation_id = conversation and m.seq < place
    order by m.seq desc limit 1;
    return coalesce((
            select history.time_of(q.element) from history.quarantine q
            where q.tenant_id = tenant and q.conversation_id = conversation
                and q."position" > greatest(last.seq, place - 10000, 0) and q."position" < place
                and history.time_of(q.element) is not null
            order by q."position" desc limit 1),
        last.created_at, otherwise);
end $$;
