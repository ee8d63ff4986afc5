-- The schema as an earlier 001_initial_schema made it, outside any migration tool, on a platform that has schema auth.
do $$
declare
    wanted text;
begin
    foreach wanted in array array['anon', 'authenticated', 'service_role'] loop
        if not exists (select from pg_roles where rolname = wanted) then
            execute format('create role %I nologin noinherit', wanted);
        end if;
    end loop;
end $$;

create extension if not exists "uuid-ossp";
create schema auth;
grant usage on schema auth to anon, authenticated, service_role;
create table auth.users (id uuid primary key, email text unique);
create function auth.uid() returns uuid language sql stable
    as $$ select (nullif(current_setting('request.jwt.claims', true), '')::jsonb ->> 'sub')::uuid $$;

create table public.tenants (
    id uuid primary key default uuid_generate_v4(),
    name varchar(255) not null,
    subdomain varchar(100) not null unique,
    settings jsonb default '{}',
    subscription_tier varchar(50) default 'basic',
    status varchar(20) default 'active' check (status in ('active', 'inactive', 'suspended')),
    created_at timestamptz default now(),
    updated_at timestamptz default now()
);
create table public.tenant_users (
    id uuid primary key default uuid_generate_v4(),
    tenant_id uuid references public.tenants (id) on delete cascade,
    user_id uuid references auth.users (id) on delete cascade,
    role varchar(50) default 'user' check (role in ('admin', 'user', 'viewer')),
    permissions jsonb default '{}',
    created_at timestamptz default now(),
    updated_at timestamptz default now(),
    unique (tenant_id, user_id)
);
create table public.chat_sessions (
    id uuid primary key default uuid_generate_v4(),
    tenant_id uuid not null references public.tenants (id) on delete cascade,
    user_id uuid not null references auth.users (id) on delete cascade,
    title varchar(255),
    messages jsonb default '[]',
    metadata jsonb default '{}',
    created_at timestamptz default now(),
    updated_at timestamptz default now()
);
create index idx_chat_sessions_tenant_id on public.chat_sessions (tenant_id);
create index idx_chat_sessions_user_id on public.chat_sessions (user_id);
create index idx_chat_sessions_updated_at on public.chat_sessions (updated_at desc);

create function public.handle_updated_at() returns trigger language plpgsql
    as $$ begin new.updated_at = now(); return new; end $$;
create trigger set_chat_sessions_updated_at before update on public.chat_sessions
    for each row execute function public.handle_updated_at();

alter table public.tenants enable row level security;
alter table public.tenant_users enable row level security;
alter table public.chat_sessions enable row level security;
create policy "Users can view own sessions" on public.chat_sessions for select using (auth.uid() = user_id);
create policy "Users can manage own sessions" on public.chat_sessions for all using (auth.uid() = user_id);
create policy "Service role manages sessions" on public.chat_sessions to service_role using (true) with check (true);
create policy "Members can view their tenant" on public.tenants for select
    using (id in (select tenant_id from public.tenant_users where user_id = auth.uid()));
create policy "Members can view members" on public.tenant_users for select
    using (tenant_id in (select tu.tenant_id from public.tenant_users tu where tu.user_id = auth.uid()));
create policy "Admins can manage members" on public.tenant_users for all
    using (exists (select 1 from public.tenant_users tu
        where tu.tenant_id = tenant_users.tenant_id and tu.user_id = auth.uid() and tu.role = 'admin'));
grant select, insert, update, delete on all tables in schema public to authenticated, service_role;

