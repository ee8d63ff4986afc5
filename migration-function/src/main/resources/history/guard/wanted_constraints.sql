-- Our keys and checks that must exist in a phase, as PostgreSQL prints them, also after a dump and restore.
create or replace function history.wanted_constraints(target text) returns table (relation text, name text, definition text)
language sql immutable set search_path = pg_catalog, pg_temp
as $$
    select c.relation, c.name, c.definition
    from (values
        ('public.conversations', 'conversations_tenant_id_id_key', 'UNIQUE (tenant_id, id)', true),
        ('public.messages', 'messages_pkey', 'PRIMARY KEY (id)', true),
        ('public.messages', 'messages_tenant_id_conversation_id_seq_key', 'UNIQUE (tenant_id, conversation_id, seq)', true),
        ('public.messages', 'messages_role_check', 'CHECK (((role)::text = ANY (ARRAY[''user''::text, '
            || '''assistant''::text, ''system''::text])))', true),
        ('public.messages', 'messages_status_check', 'CHECK ((status = ANY (ARRAY[''running''::text, ''completed''::text, '
            || '''incomplete''::text, ''failed''::text, ''stopped''::text])))', true),
        ('public.messages', 'messages_conversation_fkey', 'FOREIGN KEY (tenant_id, conversation_id) '
            || 'REFERENCES public.conversations(tenant_id, id) ON DELETE CASCADE', false),
        ('history.quarantine', 'quarantine_conversation_fkey', 'FOREIGN KEY (tenant_id, conversation_id) '
            || 'REFERENCES public.conversations(tenant_id, id) ON DELETE CASCADE', false)
    ) c(relation, name, definition, from_the_start)
    where target in ('migrated', 'complete') or target in ('expanded', 'backfilled') and c.from_the_start
$$;
