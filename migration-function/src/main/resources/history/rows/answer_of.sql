-- The answer to a question: the running one, else the one that is shown after it; null columns if there is none. Called under the lock.
create or replace function history.answer_of(tenant uuid, conversation uuid, question uuid, place bigint) returns public.messages
language plpgsql set search_path = history_maintenance, pg_temp
as $$
declare
    a public.messages;
begin
    select m.* into a from public.messages m
    where m.tenant_id = tenant and m.conversation_id = conversation and m.lease_until > clock_timestamp() and m.reply_to = question
    order by m.seq desc limit 1;
    if not found then
        select m.* into a from public.messages m
        where m.tenant_id = tenant and m.conversation_id = conversation and m.current and m.seq > place
        order by m.seq limit 1;
        if a.role <> 'assistant' then
            a := null;
        end if;
    end if;
    return a;
end $$;
