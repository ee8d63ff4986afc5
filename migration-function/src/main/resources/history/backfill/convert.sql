-- Converts what is not in rows yet, in whole conversations that the caller has locked; or only a slice, what comes next, of one of them.
create or replace function history.convert(
    ids uuid[], slice jsonb default null, out conversations bigint, out elements bigint, out quarantined bigint)
language plpgsql set search_path = history_maintenance, pg_temp
as $$
declare
    with_turns uuid[];
begin
    perform history.remember(ids) where slice is null;
    with pending as materialized (
        select c.*, coalesce(p.converted, 0) as converted, o.otherwise,
            coalesce(slice, case when p.converted is null then o.unpacked
                else history.slice(history.list_of(o.unpacked), p.converted + 1, 2147483647) end) as remaining,
            case when p.converted is null then o.otherwise
                else history.time_before(c.tenant_id, c.id, p.converted + 1, o.otherwise) end as time_before
        from public.conversations c
        cross join lateral (select coalesce(c.created_at, c.updated_at, to_timestamp(0)) as otherwise,
            case when slice is null then c.messages #> '{}' end as unpacked offset 0) o -- unpacked here, once
        left join history.progress p on p.conversation_id = c.id
        where c.id = any (ids) and c.last_seq is null
    ), element as materialized (
        select p.id as conversation_id, p.tenant_id, p.user_id,
            e.seq, e.id, e.role, e.content, e.metadata, e.created_at, e.reason, e.element
        from pending p
        cross join lateral history.elements(p.remaining, p.id, p.time_before, p.converted) e
    ), stored as (
        insert into public.messages (id, tenant_id, conversation_id, user_id, seq, role, content, metadata, created_at, parts, client_id)
        select coalesce((select gen_random_uuid() from public.messages m where m.id = e.id), e.id), -- somebody may have taken it
            e.tenant_id, e.conversation_id, e.user_id, e.seq, e.role, e.content, e.metadata, e.created_at, history.parts_of(e.metadata),
            left(e.metadata #>> '{legacy,id}', 200)
        from element e where e.reason is null
    ), kept as (
        insert into history.quarantine (tenant_id, conversation_id, "position", reason, element)
        select e.tenant_id, e.conversation_id, e.seq, e.reason, e.element from element e where e.reason is not null
    ), counted as (
        select e.conversation_id, max(e.seq) as last_seq, count(*) as elements,
            count(*) filter (where e.reason is null) as messages, max(e.created_at) filter (where e.reason is null) as last_message_at,
            bool_or(e.metadata ?| history.turn_keys()) as has_turns from element e group by e.conversation_id
    ), finished as (
        update public.conversations c
        set last_seq = coalesce(n.last_seq, p.converted),
            message_count = coalesce(n.messages, 0) + case when p.converted = 0 then 0 else (
                select count(*) from public.messages m where m.tenant_id = p.tenant_id and m.conversation_id = p.id) end,
            title = case when p.title ~ '\S' then p.title else 'New Conversation' end,
            metadata = coalesce(p.metadata, '{}'),
            created_at = p.otherwise, updated_at = coalesce(p.updated_at, p.otherwise), last_message_at = n.last_message_at,
            revision = history.version_of(coalesce(p.updated_at, p.otherwise))
        from pending p left join counted n on n.conversation_id = p.id
        where c.id = p.id and slice is null
    ), over as (
        delete from history.progress g using pending p where slice is null and g.conversation_id = p.id
    )
    select (select count(*) from pending), coalesce(sum(n.elements), 0), coalesce(sum(n.elements - n.messages), 0),
        array(select p.id from pending p left join counted k on k.conversation_id = p.id
            where k.has_turns or p.converted > 0 or exists (select from history.replaced r where r.conversation_id = p.id))
    into convert.conversations, convert.elements, convert.quarantined, with_turns
    from counted n;
    if slice is null and with_turns <> '{}' then
        perform history.take_over(with_turns);
    end if;
end $$;
