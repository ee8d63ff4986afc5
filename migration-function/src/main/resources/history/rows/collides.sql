-- Whether a turn that replaces what follows cut (null: nothing), or answers at place, collides with an answer that is running: one that
-- would be replaced, its own or its question, or one that will replace what is at place. Called by take_turn and continue_turn, under the lock.
create or replace function history.collides(tenant uuid, conversation uuid, cut bigint, place bigint) returns boolean
language plpgsql stable set search_path = history_maintenance, pg_temp
as $$
declare
    m public.messages;
    q public.messages;
begin
    for m in
        select r.* from public.messages r
        where r.tenant_id = tenant and r.conversation_id = conversation and r.lease_until > clock_timestamp()
    loop
        q := null;
        if not m.current then
            q := history.question_of(m);
        end if;
        if coalesce(q.seq, m.seq) > cut or m.seq > place and q.seq < place then
            return true;
        end if;
    end loop;
    return false;
end $$;
