-- Stores, for a rollback, what the migration changes in these conversations themselves, such as a blank title.
create or replace function history.remember(ids uuid[]) returns void
language plpgsql set search_path = history_maintenance, pg_temp
as $$
begin
    insert into history.remembered (conversation_id, was, became)
    select c.id,
        (select jsonb_object_agg(w.key, w.value) from jsonb_each(n.was) w where w.value is distinct from n.became -> w.key),
        n.became
    from public.conversations c
    cross join lateral (select
        jsonb_build_object('title', c.title, 'metadata', c.metadata, 'created_at', c.created_at, 'updated_at', c.updated_at) as was,
        jsonb_build_object(
            'title', case when c.title ~ '\S' then c.title else 'New Conversation' end,
            'metadata', coalesce(c.metadata, '{}'),
            'created_at', coalesce(c.created_at, c.updated_at, to_timestamp(0)),
            'updated_at', coalesce(c.updated_at, c.created_at, to_timestamp(0))) as became) n
    where c.id = any (ids) and c.last_seq is null and n.was <> n.became
    on conflict do nothing;
end $$;
