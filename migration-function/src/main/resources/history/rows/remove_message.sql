-- Deletes a message, and the answers of a question, as the owner. No seq is used a second time. In and out as in delete_message, which
-- calls it.
create or replace function history.remove_message(conversation uuid, message_id text) returns text
language plpgsql security definer set search_path = history_maintenance, pg_temp
as $$
declare
    tenant constant uuid := history.current_tenant();
    me constant uuid := history.user_id();
    c public.conversations := history.taken_over(tenant, me, conversation);
    d public.messages;
    a public.messages;
    ids uuid[];
    names uuid[]; -- by which it must not come back
    follows boolean; -- the title, its first question
    removed integer;
begin
    follows := c.title = history.title_of_question(c);
    d := history.known_message(tenant, c.id, message_id);
    if d.id is null then
        return 'missing';
    end if;
    if d.role = 'user' and d.current then
        a := history.answer_of(tenant, c.id, d.id, d.seq);
    end if;
    ids := array( -- with what it said before it was edited, and the answers to that
        select m.id from public.messages m
        left join public.messages v on v.tenant_id = tenant and v.conversation_id = c.id and v.id = m.reply_to
        where m.tenant_id = tenant and m.conversation_id = c.id
            and (m.id in (d.id, a.id) or m.reply_to = d.id or d.id::text in (m.metadata ->> 'edit_of', v.metadata ->> 'edit_of')));
    if exists (
        select from public.messages m
        where m.tenant_id = tenant and m.conversation_id = c.id and m.id = any (ids) and m.lease_until > clock_timestamp())
    then
        return 'busy';
    end if;
    removed := (
        select count(*) from public.messages m
        where m.tenant_id = tenant and m.conversation_id = c.id and m.id = any (ids) and m.current);
    perform history.return_key(tenant, c.id, d.reply_to, d.request_key, d.request_hash, d.metadata -> 'requests');
    names := array(
        select n.name from public.messages m
        cross join lateral history.names_of(m.id, tenant, me, m.metadata, m.request_key) n
        where m.tenant_id = tenant and m.conversation_id = c.id and m.id = any (ids) and (d.role = 'user' or not n.is_key));
    delete from public.messages m where m.tenant_id = tenant and m.conversation_id = c.id and m.id = any (ids);
    perform history.refuse_loss(not exists (
        select from public.messages m where m.tenant_id = tenant and m.conversation_id = c.id and m.id = any (ids)), 'messages');
    insert into history.deleted (tenant_id, user_id, id) select tenant, me, r.name from unnest(names) r(name) on conflict do nothing;
    if follows then
        c.title := history.title_of_question(c);
    end if;
    c.last_message_at := (history.counted(tenant, c.id)).newest;
    perform history.turn_written(c, c.last_seq, -removed, '{}');
    return 'done';
end $$;
