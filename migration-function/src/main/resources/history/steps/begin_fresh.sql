-- On a database without chat_sessions: creates what is missing of phase 0.
create or replace function history.begin_fresh() returns text
language plpgsql set search_path = pg_catalog, pg_temp
as $$
begin
    if to_regclass('public.chat_sessions') is not null or to_regclass('public.conversations') is not null then
        return 'chat_sessions is there';
    end if;
    if to_regnamespace('auth') is null then
        create schema auth;
        grant usage on schema auth to anon, authenticated, service_role;
    end if;
    if to_regclass('auth.users') is null then
        create table auth.users (
            id uuid primary key default gen_random_uuid(), email text unique, created_at timestamptz default now());
        alter table auth.users enable row level security;
    end if;
    if to_regprocedure('auth.uid()') is null then
        create function auth.uid() returns uuid language sql stable set search_path = pg_catalog, pg_temp
            as 'select (nullif(current_setting(''request.jwt.claims'', true), '''')::jsonb ->> ''sub'')::uuid';
    end if;
    if to_regprocedure('auth.role()') is null then
        create function auth.role() returns text language sql stable set search_path = pg_catalog, pg_temp
            as 'select nullif(current_setting(''request.jwt.claims'', true), '''')::jsonb ->> ''role''';
    end if;
    perform history.make_tenants();
    create table public.chat_sessions (
        id uuid constraint conversations_pkey primary key default gen_random_uuid(),
        tenant_id uuid not null constraint conversations_tenant_id_fkey references public.tenants (id) on delete cascade,
        user_id uuid not null constraint conversations_user_id_fkey references auth.users (id) on delete cascade,
        title varchar(255), messages jsonb default '[]', metadata jsonb default '{}',
        created_at timestamptz default now(), updated_at timestamptz default now());
    create index conversations_user_id_idx on public.chat_sessions (user_id);
    alter table public.chat_sessions enable row level security;
    update history.state set fresh = true;
    return 'made phase 0';
end $$;
