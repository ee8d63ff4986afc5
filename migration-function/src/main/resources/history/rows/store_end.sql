-- Writes the end of an attempt. Runs as the owner, for the caller's own conversation. In and out as in finish_turn, which calls it.
create or replace function history.store_end(
    conversation uuid, question uuid, answer uuid, status text, content text, metadata jsonb,
    out outcome text, out title text, out message history.message)
language plpgsql security definer set search_path = history_maintenance, pg_temp
as $$
declare
    tenant constant uuid := history.current_tenant();
    me constant uuid := history.user_id();
    c public.conversations := history.taken_over(tenant, me, conversation);
    q public.messages;
    a public.messages;
begin
    perform history.refuse_message(content, metadata, null, 33554432);
    a := history.marked_with(c, answer);
    if a.role = 'user' and a.id <> answer then
        q := a;
        a := null;
    end if;
    if q.id is null and (a.id is not null or not history.is_deleted(c.id)) then -- else it was for a conversation that had this id before
        q := history.known_message(tenant, c.id, coalesce(a.reply_to, question)::text);
    end if;
    if a.id is null and (q.id is null or history.is_deleted(answer)) then
        outcome := 'missing';
        perform history.count_tokens(metadata);
        return;
    end if;
    if a.id is null then
        a := history.end_late(c, q, answer);
        select o.* into c from public.conversations o where o.tenant_id = tenant and o.id = c.id;
    end if;
    outcome := case when not a.current and a.status in ('incomplete', 'failed') then 'replaced' else 'stored' end;
    if a.status = 'stopped' then -- by its user, who knows, whatever took its place afterwards
        if starts_with(content, a.content) then -- with what arrived before its maker heard of it
            a := history.end_attempt(c, q, a, 'stopped', content, metadata);
        end if;
    elsif a.status = 'running' or outcome = 'replaced' then
        a := history.end_attempt(c, q, a, status, content, metadata);
    end if;
    if a.status = 'completed' and a.content <> '' and not a.current then
        outcome := 'replaced';
    end if;
    title := c.title;
    message := history.shown_message(a);
end $$;
