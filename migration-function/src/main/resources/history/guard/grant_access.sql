-- What the functions may call; everything else in the schema belongs to the migration.
create or replace function history.grant_access() returns void
language plpgsql set search_path = pg_catalog, pg_temp
as $$
declare
    grantee text;
    helper regprocedure;
begin
    for helper in
        select p.oid from pg_catalog.pg_proc p
        join pg_catalog.pg_namespace n on n.oid = p.pronamespace
        where n.nspname = 'history' and p.prokind = 'f'
    loop
        execute format('revoke all on function %s from public', helper);
    end loop;
    foreach grantee in array array['authenticated', 'service_role', 'history_functions'] loop
        continue when not exists (select from pg_catalog.pg_roles where rolname = grantee);
        execute format('grant usage on schema history to %I', grantee);
        for helper in
            select p.oid from pg_catalog.pg_proc p
            join pg_catalog.pg_namespace n on n.oid = p.pronamespace
            where n.nspname = 'history'
                and p.proname in (
                    'user_id', 'claims', 'to_uuid', 'chosen_tenant', 'current_tenant', 'my_tenants', 'my_admin_tenants',
                    'merge_patch', 'derived_id', 'uuid_of', 'owns_conversation', 'elements', 'element_id',
                    'element_time', 'pending_messages', 'pending_count', 'converted_to')
        loop
            execute format('grant execute on function %s to %I', helper, grantee);
        end loop;
    end loop;
end $$;
