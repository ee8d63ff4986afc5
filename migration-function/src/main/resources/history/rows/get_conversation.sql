-- A conversation with a page of its messages, each row with the conversation: the newest, newest first, or those after after, oldest
-- first; one row if there are none. id or chat_id: which conversation. before: only messages with a lower seq. most: how many; the page
-- ends when content and metadata have more than bytes. failed: also answers without text. replaced: also replaced messages. known,
-- known_running: revisions that the caller has, the second ones with a running answer.
-- Out: nothing if there is no such conversation; available: how many messages there are, up to most; -1 and -2: the caller has it,
-- known or known_running, and no message was read. An admin reads the tenant's conversations. Locks nothing.
create or replace function history.get_conversation(
    id uuid, chat_id text, before bigint, most integer, bytes bigint, after bigint default null, failed boolean default true,
    replaced boolean default false, known bigint[] default null, known_running bigint[] default null)
returns table (conversation history.conversation, message history.message, available bigint)
language plpgsql stable set search_path = pg_catalog, pg_temp
as $$
declare
    tenant constant uuid := history.current_tenant();
    chat constant uuid := case when chat_id is not null then history.derived_id('chat', chat_id) end;
    c public.conversations;
    slim history.conversation; -- its metadata once is enough
begin
    select o.* into c from public.conversations o
    where o.tenant_id = tenant and o.id in (get_conversation.id, chat) order by o.id = get_conversation.id desc limit 1;
    if c.id is null then
        return;
    end if;
    conversation := history.shown_conversation(c);
    slim := conversation;
    slim.metadata := null;
    if conversation.revision = any (known) or conversation.revision = any (known_running) and exists (
        select from public.messages m
        where m.tenant_id = tenant and m.conversation_id = c.id and m.current and m.lease_until > clock_timestamp())
    then
        available := case when conversation.revision = any (known) then -1 else -2 end;
        return next;
        return;
    end if;
    return query
    select case when p.place = 1 then get_conversation.conversation else slim end,
        row(p.id, p.conversation_id, p.seq, p.role, p.content, p.shown, p.created_at, p.state)::history.message, p.available
    from (
        select n.*, case when n.status = 'running' and (n.lease_until > clock_timestamp()) is not true then 'incomplete' else n.status end
                as state, w.shown, count(*) over () as available, row_number() over page as place,
            sum(octet_length(n.content) + octet_length(w.shown::text)) over page as weight
        from (
            select x.* from history.messages_between(tenant, c.id, after, before, most, failed) x where not replaced
            union all
            select x.* from history.all_messages(c.id, after, before, most, failed) x where replaced
            union all -- of a conversation that the backfill has not come to, or not to its end
            (select x.* from history.pending_messages(tenant, c.id) x
             where c.last_seq is null and x.seq < before and x.seq > coalesce(after, 0)
             order by case when after is null then -x.seq else x.seq end limit most)) n
        cross join lateral (select history.with_parts(n.metadata - 'legacy', n.parts) as shown offset 0) w
        window page as (order by case when after is null then -n.seq else n.seq end)
    ) p
    where p.place <= most and (p.place = 1 or p.weight <= bytes)
    order by p.place;
    if not found then -- no message
        available := 0;
        return next;
    end if;
end $$;
