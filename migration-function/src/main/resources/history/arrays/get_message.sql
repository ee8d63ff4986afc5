-- As in rows/, of chat_sessions: the caller's own only. An element's own UUID names it too: it is what the chat has answered.
create or replace function history.get_message(id uuid, chat_id text, message_id text, skipped integer, characters integer,
    field text default 'content')
returns table (message history.message, total bigint, revision bigint)
language plpgsql stable set search_path = pg_catalog, pg_temp
as $$
declare
    tenant constant uuid := history.current_tenant();
    me constant uuid := history.user_id();
    chat constant uuid := history.derived_id('chat', chat_id);
    c public.chat_sessions;
    named uuid[];
begin
    select o.* into c from public.chat_sessions o
    where o.tenant_id = tenant and o.user_id = me and o.id in (get_message.id, chat)
    order by o.id = get_message.id desc limit 1;
    named := array[history.to_uuid(message_id), history.derived_id('message', c.id || ' ' || message_id)];
    return query
    select row(e.id, c.id, e.seq, e.role, substr(w.whole, skipped + 1, characters),
            e.metadata || jsonb_build_object('ui_parts', history.parts_of(e.metadata)), e.created_at, 'completed')::history.message,
        char_length(w.whole)::bigint, history.version_of(coalesce(c.updated_at, c.created_at, to_timestamp(0)))
    from history.elements(c.messages, c.id, coalesce(c.created_at, c.updated_at, to_timestamp(0))) e
    cross join lateral (select history.field_of(field, e.content, e.metadata, history.parts_of(e.metadata)) as whole) w
    where e.reason is null and (e.id = any (named) or history.to_uuid(e.metadata #>> '{legacy,id}') = any (named)) limit 1;
end $$;
