-- The answer of a question's own: the running one, else the one that is shown: right after it, or wherever it is. Out: null columns if
-- there is none. Called under the lock.
create or replace function history.answer_of(tenant uuid, conversation uuid, question uuid, place bigint) returns public.messages
language plpgsql set search_path = history_maintenance, pg_temp
as $$
declare
    a public.messages;
    q public.messages;
begin
    select m.* into a from public.messages m
    where m.tenant_id = tenant and m.conversation_id = conversation and m.lease_until > clock_timestamp() and m.reply_to = question
    order by m.seq desc limit 1;
    if not found then
        select m.* into a from public.messages m
        where m.tenant_id = tenant and m.conversation_id = conversation and m.current and m.seq > place
            and m.role in ('user', 'assistant')
        order by m.seq limit 1;
        if a.reply_to <> question then
            q := history.question_of(a);
        end if;
        if a.role = 'user' or q.id <> question then
            select m.* into a from public.messages m
            where m.tenant_id = tenant and m.conversation_id = conversation and m.current and m.seq > place and m.reply_to = question
            order by m.seq desc limit 1;
        end if;
    end if;
    return a;
end $$;
