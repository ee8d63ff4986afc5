-- Stores what arrays cannot hold, until the next migration: replaced messages, but for versions; archived and labels; and since when the
-- conversation exists. What is shown will have ids by its places then: those name the questions of what is replaced, and whatever has one of
-- them gets another. Called by roll_back.
create or replace function history.set_aside() returns void
language plpgsql set search_path = history_maintenance, pg_temp
as $$
begin
    with aside as (
        select m.* from public.messages m
        left join public.messages v on v.id = history.to_uuid(m.metadata ->> 'version_of') -- what is shown has the keys in its element
        where not m.current and (not m.metadata ? 'version_of' or m.request_key is not null and not v.current)
    ), placed as (
        select e.conversation_id, e.id, e.role,
            history.element_id(e.conversation_id, row_number() over (partition by e.conversation_id order by e.seq)) as name
        from (
            select m.conversation_id, m.id, m.role, m.seq from public.messages m where m.current
            union all
            select q.conversation_id, null, null, q."position" from history.quarantine q) e
        where e.conversation_id in (select a.conversation_id from aside a)
    ), named as (
        select n.conversation_id, jsonb_object_agg(n.id, n.name) as names
        from (
            select p.conversation_id, p.id, p.name from placed p where p.role = 'user'
            union all
            select a.conversation_id, a.id, gen_random_uuid() from aside a
            join placed p on p.conversation_id = a.conversation_id and p.name = a.id) n
        group by n.conversation_id
    )
    insert into history.replaced (conversation_id, message_id, message)
    select c.id, (k.message ->> 'id')::uuid, k.message || jsonb_build_object('conversation_since', c.created_at)
    from aside a join public.conversations c on c.id = a.conversation_id
    left join named n on n.conversation_id = a.conversation_id
    cross join lateral (select history.with_names(to_jsonb(a), n.names) as message) k;
    insert into history.replaced (conversation_id, message_id, message)
    select c.id, c.id, jsonb_build_object('tenant_id', c.tenant_id, 'user_id', c.user_id, 'conversation_since', c.created_at,
        'archived', c.archived, 'labels', c.labels)
    from public.conversations c where c.archived or c.labels <> '{}'
    on conflict (conversation_id, message_id) do update set message = excluded.message;
end $$;
