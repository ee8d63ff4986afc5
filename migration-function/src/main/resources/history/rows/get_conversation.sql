-- A conversation, in the first row, with a page of its messages: the newest, newest first, or those after after, oldest first; one row
-- if there are none. id or chat_id: which conversation. before: only messages with a lower seq. most: how many; the page
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
    c constant public.conversations := history.conversation_meant(tenant, id, chat_id);
    moment constant timestamptz := clock_timestamp();
begin
    if c.id is null then
        return;
    end if;
    conversation := history.shown_conversation(c);
    if conversation.revision = any (known) or conversation.revision = any (known_running) and exists (
        select from public.messages m
        where m.tenant_id = tenant and m.conversation_id = c.id and m.current and m.lease_until > clock_timestamp())
    then
        available := case when conversation.revision = any (known) then -1 else -2 end;
        return next;
        return;
    end if;
    return query
    select case when p.ordinality = 1 then get_conversation.conversation end,
        row(p.id, p.conversation_id, p.seq, p.role, p.content, history.with_parts(p.shown, p.all_parts), p.created_at, p.state)::history.message,
        p.available
    from (
        select n.*, s.state, s.all_parts, w.shown, count(*) over () as available,
            sum(octet_length(n.content) + octet_length(w.shown::text) + coalesce(pg_column_size(n.parts #> '{}'), 0))
                over (order by n.ordinality rows unbounded preceding) as weight -- of parts as they are stored, since to print all takes long
        from history.messages_between(c, after, before, most, failed, replaced) with ordinality n
        cross join lateral (select history.object_of(n.metadata) - 'legacy' as shown offset 0) w
        cross join lateral history.shown_state(n.status, n.content, n.parts, n.metadata, n.lease_until, moment) s
    ) p
    where p.ordinality = 1 or p.weight <= bytes
    order by p.ordinality;
    if not found then -- no message
        available := 0;
        return next;
    end if;
end $$;
