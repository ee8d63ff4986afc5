-- The indexes that must be in a phase, as PostgreSQL prints them: what the lists of conversations are read by.
create or replace function history.wanted_indexes(target text) returns table (name text, definition text)
language sql immutable set search_path = pg_catalog, pg_temp
as $$
    select i.name, format('CREATE INDEX %s ON public.conversations USING btree (%s)', i.name, i.columns)
    from (values
        ('conversations_tenant_id_user_id_updated_at_id_idx', 'tenant_id, user_id, updated_at DESC, id DESC'),
        ('conversations_tenant_id_updated_at_id_idx', 'tenant_id, updated_at DESC, id DESC')) i(name, columns)
    where target in ('migrated', 'complete')
$$;
