-- A message whose content is a part of a field, as in field_of: characters of it, after the first skipped. id or chat_id: the conversation;
-- message_id: the message, as in any_message, even if it is not shown any more. Out: nothing if there is none; total: the length of the whole
-- field; revision: of the conversation. An admin reads the tenant's messages. Locks nothing.
create or replace function history.get_message(id uuid, chat_id text, message_id text, skipped integer, characters integer,
    field text default 'content')
returns table (message history.message, total bigint, revision bigint)
language plpgsql stable set search_path = pg_catalog, pg_temp
as $$
declare
    tenant constant uuid := history.current_tenant();
    c constant public.conversations := history.conversation_meant(tenant, id, chat_id);
    m public.messages;
    named uuid[];
    whole text;
begin
    m := history.any_message(c.id, message_id);
    if m.id is null and c.last_seq is null then
        named := array[history.to_uuid(message_id), history.derived_id('message', c.id || ' ' || message_id)];
        select x.* into m from history.pending_messages(tenant, c.id) x
        where x.id = any (named) or history.to_uuid(x.metadata #>> '{legacy,id}') = any (named) limit 1;
    end if;
    if m.id is not null then
        select s.state, s.all_parts into m.status, m.parts
        from history.shown_state(m.status, m.content, m.parts, m.metadata, m.lease_until, clock_timestamp()) s;
        whole := history.field_of(field, m.content, m.metadata, m.parts);
        total := char_length(whole);
        m.content := substr(whole, skipped + 1, characters);
        message := history.shown_message(m);
        revision := (history.shown_conversation(c)).revision;
        return next;
    end if;
end $$;
