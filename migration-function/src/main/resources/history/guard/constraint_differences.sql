-- Our keys and checks (as PostgreSQL prints them, also after a dump and restore) that are missing, changed or not validated; those of
-- others that expand did not find on chat_sessions. A key uses an index that was built before; a check or a foreign key is added first
-- and validated then, in a transaction of its own. So nobody waits.
create or replace function history.constraint_differences(target text)
returns table (place integer, object text, finding text, remedy text, mend text)
language sql stable set search_path = pg_catalog, pg_temp
as $$
    with known as (
        select k.relation, k.name, coalesce(k.definition, 'FOREIGN KEY (tenant_id, conversation_id) '
            'REFERENCES public.conversations(tenant_id, id) ON DELETE CASCADE') as definition, k.from_the_start
        from (values
            ('public.conversations', 'conversations_tenant_id_id_key', 'UNIQUE (tenant_id, id)', true),
            ('public.messages', 'messages_pkey', 'PRIMARY KEY (id)', true),
            ('public.messages', 'messages_tenant_id_conversation_id_seq_key', 'UNIQUE (tenant_id, conversation_id, seq)', true),
            ('public.messages', 'messages_role_check', 'CHECK (((role)::text = ANY (ARRAY[''user''::text, '
                '''assistant''::text, ''system''::text])))', true),
            ('public.messages', 'messages_status_check', 'CHECK ((status = ANY (ARRAY[''running''::text, ''completed''::text, '
                '''incomplete''::text, ''failed''::text, ''stopped''::text])))', true),
            ('public.messages', 'messages_conversation_fkey', null, false),
            ('history.quarantine', 'quarantine_conversation_fkey', null, false)) k(relation, name, definition, from_the_start)
    ), wanted as materialized (
        select w.*, to_regclass(w.relation) as oid, k.conname, k.convalidated,
            regexp_replace(pg_get_constraintdef(k.oid), ' NOT VALID$', '') as found,
            substring(w.definition from '^(UNIQUE|PRIMARY KEY)') as kind, split_part(w.relation, '.', 1) as schema,
            (select i.indisvalid from pg_index i where i.indexrelid = to_regclass(split_part(w.relation, '.', 1) || '.' || w.name))
                as built
        from known w
        left join pg_constraint k on k.conrelid = to_regclass(w.relation) and k.conname = w.name
        where to_regclass(w.relation) is not null and (
            target in ('migrated', 'complete') or target in ('expanded', 'backfilled') and w.from_the_start)
    )
    select 30, w.relation, format('constraint %s is %s', w.name, coalesce('different from this version''s: ' || w.found, 'missing')), null,
        case when w.kind is null then format(E'alter table %s%s add constraint %I %s not valid;\nalter table %1$s validate constraint %3$I',
            w.relation, ' drop constraint ' || quote_ident(w.conname) || ',', w.name, w.definition)
        else concat_ws(E';\n',
            case when w.conname is not null then format('alter table %s drop constraint %I', w.relation, w.name)
                when not w.built then format('drop index concurrently %I.%I', w.schema, w.name) end,
            case when w.conname is not null or w.built is not true then format('create unique index concurrently %I on %s %s', w.name,
                w.relation, substring(w.definition from '\(.*\)')) end,
            format('alter table %s add constraint %I %s using index %I', w.relation, w.name, w.kind, w.name)) end
    from wanted w where w.found is distinct from w.definition
    union all
    select 31, w.relation, format('constraint %s is not validated', w.name), null,
        format('alter table %s validate constraint %I', w.relation, w.name)
    from wanted w where w.found = w.definition and not w.convalidated
    union all
    select 99, k.conrelid::regclass::text, format('constraint %s is not of this version: %s', k.conname, pg_get_constraintdef(k.oid)),
        format('If it is not meant: alter table %s drop constraint %I;', k.conrelid::regclass, k.conname), null
    from pg_constraint k
    where k.conrelid in (to_regclass('public.conversations'), to_regclass('public.messages')) and k.contype not in ('n', 't')
        and k.conname not in (select w.name from known w where to_regclass(w.relation) = k.conrelid) and k.conname !~ '^history_filled_'
        and not exists (select from history.state s where k.conrelid = to_regclass('public.conversations') and coalesce(
            s.original -> 'constraints' ? regexp_replace(pg_get_constraintdef(k.oid), ' NOT VALID$', ''), k.contype <> 'c'))
$$;
