-- The question and the answer of an attempt, or of the newest running one. Runs as the owner, since an attempt beside another answer is
-- not shown; for the caller's own conversation. Called by running_turn.
create or replace function history.read_turn(conversation uuid, attempt uuid, out question history.message, out answer history.message)
language plpgsql stable security definer set search_path = history_maintenance, pg_temp
as $$
declare
    tenant constant uuid := history.current_tenant();
    me constant uuid := history.user_id();
    c public.conversations;
    q public.messages;
    a public.messages;
begin
    select o.* into c from public.conversations o where o.tenant_id = tenant and o.user_id = me and o.id = conversation;
    if attempt is not null then
        select m.* into a from public.messages m where m.tenant_id = tenant and m.conversation_id = c.id and m.id = attempt;
    else
        select m.* into a from public.messages m
        where m.tenant_id = tenant and m.conversation_id = c.id and m.lease_until > clock_timestamp() and m.role = 'assistant'
        order by m.seq desc limit 1;
    end if;
    select m.* into q from public.messages m where m.tenant_id = tenant and m.conversation_id = c.id and m.id = a.reply_to;
    if q.id is not null then
        question := history.shown_message(q);
        answer := history.shown_message(a);
    end if;
end $$;
