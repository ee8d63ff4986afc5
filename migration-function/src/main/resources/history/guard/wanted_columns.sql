-- The columns that a phase needs. type: null for any. filled: whether it must not be null; null where either will do. fallback: its
-- default; 'any' for those of phase 0, of which our functions need no more than that they are there.
create or replace function history.wanted_columns(target text)
returns table (relation text, name text, type text, filled boolean, fallback text)
language sql stable set search_path = pg_catalog, pg_temp
as $$
    select 'public.conversations' as relation, c.*
    from (select nullif(target in ('migrated', 'complete'), false) as is_done) t cross join lateral (values
        ('title', 'text or varchar(255)', t.is_done, '''New Conversation''::character varying'),
        ('last_seq', 'bigint', t.is_done, case when t.is_done then '0' end),
        ('message_count', 'integer', t.is_done, case when t.is_done then '0' end),
        ('revision', 'bigint', t.is_done, case when t.is_done then '0' end),
        ('request_hash', 'text', false, null), -- of the request that came with an idempotency key and made the conversation
        ('archived', 'boolean', true, 'false'), ('labels', 'text[]', true, '''{}''::text[]'),
        ('last_message_at', 'timestamp with time zone', false, null)) c(name, type, filled, fallback)
    where target <> 'prepared'
    union all
    select 'public.messages', m.* from (values
        ('id', 'uuid', true, 'gen_random_uuid()'), ('tenant_id', 'uuid', true, null), ('conversation_id', 'uuid', true, null),
        ('user_id', 'uuid', true, null), ('seq', 'bigint', true, null), ('role', 'character varying(20)', true, null),
        ('content', 'text', true, null), ('metadata', 'jsonb', true, '''{}''::jsonb'),
        ('created_at', 'timestamp with time zone', true, 'now()'), ('status', 'text', true, '''completed''::text'),
        ('current', 'boolean', true, 'true'), ('reply_to', 'uuid', false, null),
        ('lease_until', 'timestamp with time zone', false, null), ('client_id', 'text', false, null),
        ('request_key', 'text', false, null), ('request_hash', 'text', false, null), ('model', 'text', false, null),
        ('input_tokens', 'integer', false, null), ('output_tokens', 'integer', false, null), ('parts', 'jsonb', false, null)) m
    where target <> 'prepared'
    union all
    select p.relation, a.name, p.type, null, 'any' from (values
        ('public.conversations', 'id tenant_id user_id', 'uuid'), ('public.conversations', 'metadata', 'jsonb'),
        ('public.conversations', 'created_at updated_at', 'timestamp with time zone'), ('public.tenants', 'id', 'uuid'),
        ('public.tenant_users', 'tenant_id user_id', 'uuid'), ('public.tenant_users', 'role', null)) p(relation, names, type)
    cross join lateral string_to_table(p.names, ' ') a(name) where target <> 'prepared'
$$;
