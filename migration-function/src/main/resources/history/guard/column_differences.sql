-- Our columns that are missing, of another type, without their default, or not yet known to be filled. Those of phase 0 are not
-- listed, except what a client relies on. A column becomes not null in three short steps. Only the second one reads the table, and
-- nobody waits for it.
create or replace function history.column_differences(target text)
returns table (place integer, object text, finding text, remedy text, mend text)
language sql stable set search_path = pg_catalog, pg_temp
as $$
    with wanted as (
        select 'public.conversations' as relation, c.*
        from (select target in ('migrated', 'complete') as is_done) t cross join lateral (values
            ('title', null, t.is_done, '''New Conversation''::character varying'),
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
    ), column_ as materialized (
        select w.*, a.attnum, a.attnotnull, format_type(a.atttypid, a.atttypmod) as found, pg_get_expr(d.adbin, d.adrelid) as default_,
            k.conname is not null as promised, k.convalidated as proved, 'history_filled_' || w.name as promise
        from wanted w
        left join pg_attribute a on a.attrelid = to_regclass(w.relation) and a.attname = w.name and not a.attisdropped
        left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
        left join pg_constraint k on k.conrelid = to_regclass(w.relation) and k.conname = 'history_filled_' || w.name
        where to_regclass(w.relation) is not null
    )
    select 20, c.relation, format('column %s %s', c.name, coalesce('is ' || c.found, 'is missing')),
        format('It must be %s: restore it.', c.type), null
    from column_ c where c.attnum is null or c.found <> c.type
    union all
    select 21, c.relation, format('column %s has the default %s', c.name, coalesce(c.default_, 'null')), null,
        format('alter table %s alter column %I %s', c.relation, c.name, coalesce('set default ' || c.fallback, 'drop default'))
    from column_ c where c.attnum is not null and c.default_ is distinct from c.fallback
    union all
    select 22, c.relation, format('column %s may be null', c.name), null, concat_ws(E';\n',
        case when not c.promised then
            format('alter table %s add constraint %I check (%I is not null) not valid', c.relation, c.promise, c.name) end,
        case when c.proved is not true then format('alter table %s validate constraint %I', c.relation, c.promise) end,
        format('alter table %s alter column %I set not null, drop constraint %I', c.relation, c.name, c.promise))
    from column_ c where c.filled and c.attnum is not null and not c.attnotnull
    union all
    select 23, c.relation, format('constraint %s has done its work', c.promise), null,
        format('alter table %s drop constraint %I', c.relation, c.promise)
    from column_ c where c.promised and c.attnotnull
$$;
