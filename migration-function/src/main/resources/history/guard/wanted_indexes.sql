-- The indexes that must exist in a phase, as PostgreSQL prints them: for lists of conversations, for the messages that are shown, for
-- running attempts, and for requests with a key.
create or replace function history.wanted_indexes(target text) returns table (name text, definition text)
language sql immutable set search_path = pg_catalog, pg_temp
as $$
    select i.name, format('CREATE INDEX %s ON public.%s USING btree (%s)%s', i.name, i.relation, i.columns, i.condition)
    -- A case, because the planner considers coalesce a function that might leak, and would not use it with an index under policies.
    from (values (E'(\nCASE\n    WHEN (last_message_at IS NOT NULL) THEN last_message_at\n    WHEN (created_at IS NOT NULL) THEN created_at\n'
        '    ELSE ''-infinity''::timestamp with time zone\nEND) DESC, id DESC')) p(place)
    cross join lateral (values
        ('conversations_own_list_idx', 'conversations', 'tenant_id, user_id, archived, ' || place, '', false),
        ('conversations_tenant_list_idx', 'conversations', 'tenant_id, archived, ' || place, '', false),
        ('messages_current_idx', 'messages', 'tenant_id, conversation_id, seq', ' WHERE current', false),
        ('messages_running_idx', 'messages', 'tenant_id, conversation_id', ' WHERE (lease_until IS NOT NULL)', true),
        ('messages_request_key_idx', 'messages', 'tenant_id, user_id, request_key', ' WHERE (request_key IS NOT NULL)', true))
        i(name, relation, columns, condition, from_the_start)
    where target in ('migrated', 'complete') or target in ('expanded', 'backfilled') and i.from_the_start
$$;
