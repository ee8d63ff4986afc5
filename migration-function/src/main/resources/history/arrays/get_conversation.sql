-- As in rows/, of chat_sessions: the caller's own only.
create or replace function history.get_conversation(
    id uuid, chat_id text, before bigint, most integer, bytes bigint, after bigint default null, failed boolean default true,
    replaced boolean default false, known bigint[] default null, known_running bigint[] default null)
returns table (conversation history.conversation, message history.message, available bigint)
language plpgsql stable set search_path = pg_catalog, pg_temp
as $$
declare
    tenant constant uuid := history.current_tenant();
    me constant uuid := history.user_id();
    chat constant uuid := history.derived_id('chat', chat_id);
    c public.chat_sessions;
    slim history.conversation; -- its metadata once is enough
begin
    select o.* into c from public.chat_sessions o
    where o.tenant_id = tenant and o.user_id = me and o.id in (get_conversation.id, chat)
    order by o.id = get_conversation.id desc limit 1;
    if c.id is null then
        return;
    end if;
    conversation := history.shown_session(c.id, c.tenant_id, c.user_id, c.title, c.metadata, c.created_at, c.updated_at, c.messages);
    slim := conversation;
    slim.metadata := null;
    if conversation.revision = any (known) then
        available := -1;
        return next;
        return;
    elsif replaced then
        perform history.migration_pending('include=replaced');
    end if;
    return query
    select case when p.place = 1 then get_conversation.conversation else slim end,
        row(p.id, c.id, p.seq, p.role, p.content, p.metadata, p.created_at, 'completed')::history.message, p.available
    from (
        select n.*, count(*) over () as available, row_number() over page as place,
            sum(octet_length(n.content) + octet_length(n.metadata::text)) over page as weight
        from (
            select e.seq, e.id, e.role, e.content, e.created_at,
                e.metadata || jsonb_build_object('ui_parts', history.parts_of(e.metadata)) as metadata
            from history.elements(c.messages, c.id, coalesce(c.created_at, c.updated_at, to_timestamp(0))) e
            where e.reason is null and e.seq < before and e.seq > coalesce(after, 0)
            order by case when after is null then -e.seq else e.seq end limit most) n
        window page as (order by case when after is null then -n.seq else n.seq end)
    ) p
    where p.place = 1 or p.weight <= bytes
    order by p.place;
    if not found then -- no message
        available := 0;
        return next;
    end if;
end $$;
