-- Own rows for a user, the whole tenant to read for its admins, everything for service_role; nothing for anybody else.
create or replace function history.protect(relation regclass, own text, writable text) returns void
language plpgsql set search_path = pg_catalog, pg_temp
as $$
declare
    command text;
    service constant text := 'current_user = ''service_role''';
begin
    foreach command in array array['select', 'insert', 'update', 'delete'] loop
        execute format('create policy %I on %s for %s to authenticated %s %s', 'own_' || command, relation, command,
            case when command <> 'insert' then format('using (%s)', own) end,
            case when command in ('insert', 'update') then format('with check (%s)', writable) end);
        execute format('create policy %I on %s for %s to service_role %s %s', 'service_role_' || command, relation, command,
            case when command <> 'insert' then format('using (%s)', service) end,
            case when command in ('insert', 'update') then format('with check (%s)', service) end);
    end loop;
    execute format('create policy admin_select on %s for select to authenticated using (%s)', relation,
        'tenant_id = any (array(select history.my_admin_tenants()))');
    execute format('create policy maintenance on %s to %I using (%s) with check (%3$s)',
        relation, current_user, 'current_setting(''search_path'') = ''history_maintenance, pg_temp''');
    execute format('alter table %s enable row level security', relation);
    execute format('revoke all on %s from public', relation);
    execute format('grant select, insert, update, delete on %s to authenticated, service_role', relation);
end $$;
