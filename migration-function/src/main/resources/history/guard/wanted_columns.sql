-- Our columns that must exist in a phase. Those of phase 0 are not listed, except what a client relies on.
create or replace function history.wanted_columns(target text)
returns table (relation text, name text, type text, filled boolean, fallback text)
language sql immutable set search_path = pg_catalog, pg_temp
as $$
    select c.relation, c.name, c.type, c.filled, c.fallback
    from (values
        ('public.conversations', 'title', null, target in ('migrated', 'complete'), '''New Conversation''::character varying'),
        ('public.conversations', 'last_seq', 'bigint', target in ('migrated', 'complete'),
            case when target in ('migrated', 'complete') then '0' end),
        ('public.conversations', 'message_count', 'integer', target in ('migrated', 'complete'),
            case when target in ('migrated', 'complete') then '0' end),
        -- Of the request that came with an idempotency key and made the conversation.
        ('public.conversations', 'request_hash', 'text', false, null),
        ('public.conversations', 'archived', 'boolean', true, 'false'),
        ('public.conversations', 'labels', 'text[]', true, '''{}''::text[]'),
        ('public.conversations', 'last_message_at', 'timestamp with time zone', false, null),
        ('public.conversations', 'revision', 'bigint', target in ('migrated', 'complete'),
            case when target in ('migrated', 'complete') then '0' end),
        ('public.messages', 'id', 'uuid', true, 'gen_random_uuid()'),
        ('public.messages', 'tenant_id', 'uuid', true, null),
        ('public.messages', 'conversation_id', 'uuid', true, null),
        ('public.messages', 'user_id', 'uuid', true, null),
        ('public.messages', 'seq', 'bigint', true, null),
        ('public.messages', 'role', 'character varying(20)', true, null),
        ('public.messages', 'content', 'text', true, null),
        ('public.messages', 'metadata', 'jsonb', true, '''{}''::jsonb'),
        ('public.messages', 'created_at', 'timestamp with time zone', true, 'now()'),
        ('public.messages', 'status', 'text', true, '''completed''::text'),
        ('public.messages', 'current', 'boolean', true, 'true'),
        ('public.messages', 'reply_to', 'uuid', false, null),
        ('public.messages', 'lease_until', 'timestamp with time zone', false, null),
        ('public.messages', 'client_id', 'text', false, null),
        ('public.messages', 'request_key', 'text', false, null),
        ('public.messages', 'request_hash', 'text', false, null),
        ('public.messages', 'model', 'text', false, null),
        ('public.messages', 'input_tokens', 'integer', false, null),
        ('public.messages', 'output_tokens', 'integer', false, null),
        ('public.messages', 'parts', 'jsonb', false, null)
    ) c(relation, name, type, filled, fallback)
    where target <> 'prepared'
$$;
