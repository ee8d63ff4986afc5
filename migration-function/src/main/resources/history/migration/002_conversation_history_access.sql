-- Conversation History, file 1 of 5: roles, the private schema, and who the caller is.
-- Every file of the set only defines things and may be run again at any time; the last one does the work.

do $$
declare
    wanted text;
begin
    foreach wanted in array array['anon', 'authenticated', 'service_role'] loop
        if not exists (select from pg_catalog.pg_roles where rolname = wanted) then
            begin
                execute pg_catalog.format('create role %I nologin noinherit', wanted);
            exception when duplicate_object or unique_violation then
                null; -- another database of the same server made it in this moment
            end;
        end if;
    end loop;
end $$;

-- The role the functions log in with: owns nothing, bypasses nothing, may only become authenticated.
do $$
begin
    if not exists (select from pg_catalog.pg_roles where rolname = 'history_functions') then
        create role history_functions login noinherit;
    end if;
    if not pg_catalog.pg_has_role('history_functions', 'authenticated', 'member') then
        grant authenticated to history_functions;
    end if;
exception
    when duplicate_object or unique_violation then
        null;
    when insufficient_privilege then
        raise warning 'The role history_functions could not be made: %', sqlerrm;
end $$;

create schema if not exists history;
revoke all on schema history from public;

-- One row: how far the migration is, and what a rollback needs to restore.
create table if not exists history.state (
    only_row boolean primary key default true check (only_row),
    phase text not null default 'prepared'
        check (phase in ('prepared', 'expanded', 'backfilled', 'migrated', 'complete')),
    fresh boolean not null default false,
    backfilled_to uuid not null default '00000000-0000-0000-0000-000000000000',
    original jsonb not null default '{}',
    changed_at timestamptz not null default now()
);
alter table history.state enable row level security;
revoke all on history.state from public;
insert into history.state default values on conflict do nothing;

-- Who is migrating now.
create table if not exists history.lease (
    only_row boolean primary key default true check (only_row),
    holder text not null,
    action text not null,
    backend integer not null,
    since timestamptz not null default now(),
    heartbeat timestamptz not null default now()
);
alter table history.lease enable row level security;
revoke all on history.lease from public;

create or replace function history.to_uuid(value text) returns uuid
language plpgsql immutable parallel safe set search_path = ''
as $$
begin
    return value::uuid;
exception when data_exception then
    return null;
end $$;

create or replace function history.claims() returns jsonb
language plpgsql stable set search_path = ''
as $$
begin
    return nullif(current_setting('request.jwt.claims', true), '')::jsonb;
exception when data_exception or statement_too_complex then
    return null;
end $$;

-- The user of the token, null when there is none or it is no uuid.
create or replace function history.user_id() returns uuid
language plpgsql stable set search_path = ''
as $$
begin
    return history.to_uuid(history.claims() ->> 'sub');
end $$;

-- The tenant the caller asks for, as text: app.tenant_id, else a claim. After a transaction-local setting an
-- unset one reads '' and not null.
create or replace function history.chosen_tenant() returns text
language plpgsql stable set search_path = ''
as $$
declare
    claims jsonb := history.claims();
begin
    return coalesce(
        nullif(current_setting('app.tenant_id', true), ''),
        nullif(claims ->> 'tenant_id', ''),
        nullif(claims -> 'app_metadata' ->> 'tenant_id', ''));
end $$;

-- For policies: the caller's tenants, narrowed to the chosen one. Never raises.
create or replace function history.my_tenants() returns setof uuid
language plpgsql stable security definer set search_path = ''
as $$
declare
    caller uuid := history.user_id();
    chosen text := history.chosen_tenant();
begin
    return query select u.tenant_id from public.tenant_users u
        where u.user_id = caller and (chosen is null or u.tenant_id = history.to_uuid(chosen));
end $$;

create or replace function history.my_admin_tenants() returns setof uuid
language plpgsql stable security definer set search_path = ''
as $$
declare
    caller uuid := history.user_id();
    chosen text := history.chosen_tenant();
begin
    return query select u.tenant_id from public.tenant_users u
        where u.user_id = caller and u.role = 'admin' and (chosen is null or u.tenant_id = history.to_uuid(chosen));
end $$;

-- The tenant a request works in. PT403 is what PostgREST turns into a 403.
create or replace function history.current_tenant() returns uuid
language plpgsql stable security definer set search_path = ''
as $$
declare
    caller uuid := history.user_id();
    chosen text := history.chosen_tenant();
    tenants uuid[];
begin
    tenants := array(select u.tenant_id from public.tenant_users u where u.user_id = caller);
    if chosen is not null then
        if history.to_uuid(chosen) = any (tenants) then
            return history.to_uuid(chosen);
        end if;
        raise exception using errcode = 'PT403', message = 'You are not a member of this tenant.';
    elsif cardinality(tenants) = 1 then
        return tenants[1];
    elsif cardinality(tenants) = 0 then
        raise exception using errcode = 'PT403', message = 'You are not a member of any tenant.';
    end if;
    raise exception using errcode = 'PT403',
        message = 'You are a member of several tenants, and the token does not choose one.';
end $$;

-- RFC 7396.
create or replace function history.merge_patch(target jsonb, patch jsonb) returns jsonb
language plpgsql immutable parallel safe set search_path = ''
as $$
begin
    if jsonb_typeof(patch) <> 'object' then
        return patch;
    end if;
    if target is null or jsonb_typeof(target) <> 'object' then
        target := '{}';
    end if;
    return (
        select coalesce(jsonb_object_agg(merged.key, merged.value), '{}')
        from (
            select t.key, t.value from jsonb_each(target) t where not patch ? t.key
            union all
            select p.key, history.merge_patch(target -> p.key, p.value)
            from jsonb_each(patch) p where p.value <> 'null'
        ) merged);
end $$;

-- A UUIDv8 (RFC 9562) of the first 16 bytes of a hash.
create or replace function history.uuid_of(hash bytea) returns uuid
language sql immutable parallel safe
return encode(
    set_byte(
        set_byte(substr(hash, 1, 16), 6, (get_byte(hash, 6) & 15) | 128),
        8, (get_byte(hash, 8) & 63) | 128),
    'hex')::uuid;

-- The id that a caller's own key stands for, so that a retry meets its own row.
create or replace function history.derived_id(kind text, key text) returns uuid
language plpgsql stable set search_path = ''
as $$
begin
    return history.uuid_of(sha256(
        uuid_send(history.current_tenant()) || uuid_send(history.user_id())
        || int4send(octet_length(kind)) || convert_to(kind, 'UTF8') || convert_to(key, 'UTF8')));
end $$;

-- What the functions may call; everything else in the schema belongs to the migration.
create or replace function history.grant_access() returns void
language plpgsql set search_path = ''
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

-- Limited mode: before the migration the functions work on chat_sessions as the caller.
do $$
declare
    sessions regclass := (
        select c.oid from pg_catalog.pg_class c where c.oid = to_regclass('public.chat_sessions') and c.relkind = 'r');
begin
    if sessions is not null and not (
        has_table_privilege('authenticated', sessions, 'select') and has_table_privilege('authenticated', sessions, 'insert')
        and has_table_privilege('authenticated', sessions, 'update')
        and has_table_privilege('authenticated', sessions, 'delete'))
     then
        grant select, insert, update, delete on public.chat_sessions to authenticated;
    end if;
exception when insufficient_privilege then
    raise warning 'authenticated could not be granted access to chat_sessions: %', sqlerrm;
end $$;

select history.grant_access();
