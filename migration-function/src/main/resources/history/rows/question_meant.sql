-- The question that a turn is about. row_id: its row, or its element in an array of before; message_id: what the client calls
-- it; without either the last one where newest is asked for. Out: null columns when it is new. Called by take_turn and store_end,
-- which have the lock.
create or replace function history.question_meant(tenant uuid, conversation uuid, row_id uuid, message_id text, newest boolean)
returns public.messages
language plpgsql stable set search_path = history_maintenance, pg_temp
as $$
declare
    derived constant uuid := history.derived_id('message', conversation || ' ' || message_id);
    q public.messages;
begin
    if row_id is null and message_id is null then
        if newest then
            select m.* into q from public.messages m
            where m.tenant_id = tenant and m.conversation_id = conversation and m.current and m.role = 'user'
            order by m.seq desc limit 1;
        end if;
        return q;
    end if;
    select m.* into q from public.messages m
    where m.tenant_id = tenant and m.conversation_id = conversation and m.id in (row_id, derived) and m.role = 'user'
    order by m.id = row_id desc limit 1;
    if q.id is null then
        select r.* into q from (
            select m.* from public.messages m
            where m.tenant_id = tenant and m.conversation_id = conversation and m.current order by m.seq desc limit 10) r
        where r.role = 'user' and r.metadata #>> '{legacy,id}' in (row_id::text, derived::text) limit 1;
    end if;
    return q;
end $$;
