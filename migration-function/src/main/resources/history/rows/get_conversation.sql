-- A conversation with its newest messages, newest first: a row for each, or one without. id or chat_id, the client's own, names it.
-- before: only messages with a lower seq. most: how many; they end when content and metadata weigh more than bytes.
-- Out: nothing when there is none; available: how many messages there are within most. An admin reads the tenant's. Locks nothing.
create or replace function history.get_conversation(id uuid, chat_id text, before bigint, most integer, bytes bigint)
returns table (conversation history.conversation, message history.message, available bigint)
language plpgsql stable set search_path = pg_catalog, pg_temp
as $$
declare
    tenant constant uuid := history.current_tenant();
    me constant uuid := history.user_id();
    chat constant uuid := case when chat_id is not null then history.derived_id('chat', chat_id) end;
    c public.conversations;
    slim history.conversation; -- its metadata once is enough
begin
    select o.* into c from public.conversations o
    where o.tenant_id = tenant and o.id in (get_conversation.id, chat) order by o.user_id = me desc limit 1;
    if c.id is null then
        return;
    end if;
    conversation := history.shown_conversation(c);
    slim := conversation;
    slim.metadata := null;
    return query
    select case when p.place = 1 then get_conversation.conversation else slim end,
        row(p.id, p.conversation_id, p.seq, p.role, p.content, p.metadata, p.created_at, p.state)::history.message, p.available
    from (
        select n.*, case when n.status = 'running' and (n.lease_until > clock_timestamp()) is not true then 'incomplete' else n.status end
                as state, count(*) over () as available, row_number() over newest as place,
            sum(octet_length(n.content) + octet_length(n.metadata::text)) over newest as weight
        from (
            (select x.* from public.messages x
             where x.tenant_id = tenant and x.conversation_id = c.id and x.current and x.seq < before order by x.seq desc limit most)
            union all -- of a conversation that the backfill has not come to, or not to its end
            (select x.* from history.pending_messages(tenant, c.id) x
             where c.last_seq is null and x.seq < before order by x.seq desc limit most)
            order by seq desc limit most) n
        window newest as (order by n.seq desc)
    ) p
    where p.place = 1 or p.weight <= bytes
    order by p.seq desc;
    if not found then -- no message
        available := 0;
        return next;
    end if;
end $$;
