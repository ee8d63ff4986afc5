-- Indexes that are missing, changed, or left invalid by a build that was cut off; those of an earlier version; others on
-- public.messages, which is all ours, and unique ones on public.conversations that expand did not find. Ours are for lists, for the messages that are shown, for messages by the ids of their elements,
-- for running attempts, and for requests with a key.
create or replace function history.index_differences(target text)
returns table (place integer, object text, finding text, remedy text, mend text)
language sql stable set search_path = pg_catalog, pg_temp
as $$
    with known as (
        select i.name, format('CREATE INDEX %s ON public.%s USING btree (%s)%s', i.name, i.relation, i.columns, i.condition) as definition,
            i.from_the_start
        -- A case, because the planner considers coalesce a function that might leak, and would not use it with an index under policies.
        from (values (E'(\nCASE\n    WHEN (last_message_at IS NOT NULL) THEN last_message_at\n    WHEN (created_at IS NOT NULL) THEN created_at\n'
            '    ELSE ''-infinity''::timestamp with time zone\nEND) DESC, id DESC')) p(place)
        cross join lateral (values
            ('conversations_own_list_idx', 'conversations', 'tenant_id, user_id, archived, ' || place, '', false),
            ('conversations_tenant_list_idx', 'conversations', 'tenant_id, archived, ' || place, '', false),
            ('messages_current_idx', 'messages', 'tenant_id, conversation_id, seq', ' WHERE current', false),
            ('messages_legacy_idx', 'messages', 'tenant_id, conversation_id, client_id', ' WHERE (metadata ? ''legacy''::text)', false),
            ('messages_running_idx', 'messages', 'tenant_id, conversation_id', ' WHERE (lease_until IS NOT NULL)', true),
            ('messages_request_key_idx', 'messages', 'tenant_id, user_id, request_key', ' WHERE (request_key IS NOT NULL)', true))
            i(name, relation, columns, condition, from_the_start)
    )
    select 35, 'public.' || w.name,
        case when i.indexrelid is null then 'is missing' when not i.indisvalid then 'is not valid' else 'is another index' end, null,
        case when i.indexrelid is null then replace(w.definition, 'CREATE INDEX', 'create index concurrently')
            else format('drop index concurrently public.%I', w.name) end
    from known w
    left join pg_index i on i.indexrelid = to_regclass('public.' || w.name)
    where (target in ('migrated', 'complete') or target in ('expanded', 'backfilled') and w.from_the_start)
        and (i.indexrelid is null or not i.indisvalid or pg_get_indexdef(i.indexrelid) <> w.definition)
    union all
    select 36, 'public.' || r.name, 'is not read any more', null, format('drop index concurrently public.%I', r.name)
    from unnest(array['conversations_tenant_id_user_id_updated_at_id_idx', 'conversations_tenant_id_updated_at_id_idx']) r(name)
    where target in ('migrated', 'complete') and to_regclass('public.' || r.name) is not null
    union all
    select 94, i.indexrelid::regclass::text,
        format('the %sindex on %s is not of this version', case when i.indisunique then 'unique ' end, i.indrelid::regclass),
        format('If it is not meant: drop index concurrently %s;', i.indexrelid::regclass), null
    from pg_index i
    where (i.indrelid = to_regclass('public.messages') or i.indrelid = to_regclass('public.conversations') and i.indisunique and exists (
            select from history.state s where not s.original -> 'constraints' ? pg_get_indexdef(i.indexrelid)))
        and not exists (select from pg_constraint k where k.conindid = i.indexrelid)
        and not exists (select from known w where to_regclass('public.' || w.name) = i.indexrelid)
$$;
