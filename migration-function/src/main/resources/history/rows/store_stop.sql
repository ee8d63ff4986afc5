-- Marks the attempts of a conversation as stopped, as the owner. In and out as in stop_turn, which calls it.
create or replace function history.store_stop(conversation uuid) returns history.message
language plpgsql security definer set search_path = history_maintenance, pg_temp
as $$
declare
    tenant constant uuid := history.current_tenant();
    me constant uuid := history.user_id();
    c public.conversations := history.taken_over(tenant, me, conversation);
    q public.messages;
    a public.messages;
    stopped history.message;
begin
    for a in
        select m.* from public.messages m
        where m.tenant_id = tenant and m.conversation_id = c.id and m.role = 'assistant' and m.lease_until > clock_timestamp()
        order by m.seq
    loop
        select o.* into c from public.conversations o where o.tenant_id = tenant and o.id = c.id;
        select m.* into q from public.messages m where m.tenant_id = tenant and m.conversation_id = c.id and m.id = a.reply_to;
        a := history.end_attempt(c, q, a, 'stopped', a.content, '{}');
        stopped := history.shown_message(a);
    end loop;
    return stopped;
end $$;
