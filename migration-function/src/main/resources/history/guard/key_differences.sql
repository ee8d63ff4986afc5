-- Keys of others on our tables that leave out the tenant, and foreign keys that keep our rows from being deleted.
create or replace function history.key_differences()
returns table (place integer, object text, finding text, remedy text, mend text)
language sql stable set search_path = pg_catalog, pg_temp
as $$
    select 95, k.conrelid::regclass::text, format('%s does not carry the tenant', k.conname),
        format('alter table %s drop constraint %I;', k.conrelid::regclass, k.conname), null
    from pg_constraint k
    where (k.contype = 'u' or k.contype = 'f' and k.confrelid = to_regclass('public.conversations'))
        and k.conrelid in (to_regclass('public.conversations'), to_regclass('public.messages'), to_regclass('history.quarantine'))
        and not exists (
            select from pg_attribute a where a.attrelid = k.conrelid and a.attname = 'tenant_id' and a.attnum = any (k.conkey))
    union all
    select 98, k.conrelid::regclass::text,
        format('%s keeps each row of %s that it names from being deleted', k.conname, k.confrelid::regclass),
        format('To let its rows go too (or set null instead of cascade): alter table %s drop constraint %I, add constraint %2$I %3$s;',
            k.conrelid::regclass, k.conname, regexp_replace(replace(pg_get_constraintdef(k.oid), ' ON DELETE RESTRICT', ''),
                '( REFERENCES .*?\)( MATCH FULL)?)', '\1 ON DELETE CASCADE')), null
    from pg_constraint k
    where k.contype = 'f' and k.confdeltype in ('a', 'r') and k.conparentid = 0
        and k.confrelid in (to_regclass('public.conversations'), to_regclass('public.messages'))
$$;
