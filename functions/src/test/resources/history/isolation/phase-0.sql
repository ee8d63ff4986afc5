-- What the earlier 001_initial_schema left, as far as it concerns conversations, with rows of two tenants.
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
create table auth.users (id uuid primary key, email text);
create function auth.uid() returns uuid language sql stable
    as $$ select (nullif(current_setting('request.jwt.claims', true), '')::jsonb ->> 'sub')::uuid $$;
create function auth.role() returns text language sql stable
    as $$ select nullif(current_setting('request.jwt.claims', true), '')::jsonb ->> 'role' $$;

create table public.tenants (
    id uuid primary key default uuid_generate_v4(),
    name varchar(255) not null,
    subdomain varchar(100) not null unique,
    settings jsonb default '{}',
    subscription_tier varchar(50) default 'basic',
    status varchar(20) default 'active' check (status in ('active', 'inactive', 'suspended')),
    created_at timestamptz default now(),
    updated_at timestamptz default now());
create table public.tenant_users (
    id uuid primary key default uuid_generate_v4(),
    tenant_id uuid not null references public.tenants (id) on delete cascade,
    user_id uuid not null references auth.users (id) on delete cascade,
    role varchar(50) default 'user' check (role in ('admin', 'user', 'viewer')),
    permissions jsonb default '{}',
    created_at timestamptz default now(),
    updated_at timestamptz default now(),
    unique (tenant_id, user_id));
create table public.chat_sessions (
    id uuid primary key default uuid_generate_v4(),
    tenant_id uuid not null references public.tenants (id) on delete cascade,
    user_id uuid not null references auth.users (id) on delete cascade,
    title varchar(255),
    messages jsonb default '[]',
    metadata jsonb default '{}',
    created_at timestamptz default now(),
    updated_at timestamptz default now());
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
create policy "Users can view their tenants" on public.tenants for select
    using (id in (select tenant_id from public.tenant_users where user_id = auth.uid()));
create policy "Users can view tenant members" on public.tenant_users for select
    using (tenant_id in (select tenant_id from public.tenant_users where user_id = auth.uid()));
create policy "Users can view own sessions" on public.chat_sessions for select using (user_id = auth.uid());
create policy "Users can manage own sessions" on public.chat_sessions for all using (user_id = auth.uid());
grant select, insert, update, delete on public.tenants, public.tenant_users, public.chat_sessions to authenticated, service_role;

insert into public.tenants (id, name, subdomain) values
    ('00000000-0000-4000-8000-0000000000a0', 'A', 'a'), ('00000000-0000-4000-8000-0000000000b0', 'B', 'b');
insert into auth.users (id) select ('00000000-0000-4000-8000-0000000000' || u)::uuid
    from unnest(array['a1', 'b1', 'c1', 'd1', 'a2', 'a3']) u;
insert into public.tenant_users (tenant_id, user_id, role) values
    ('00000000-0000-4000-8000-0000000000a0', '00000000-0000-4000-8000-0000000000a1', 'user'),
    ('00000000-0000-4000-8000-0000000000b0', '00000000-0000-4000-8000-0000000000b1', 'user'),
    ('00000000-0000-4000-8000-0000000000a0', '00000000-0000-4000-8000-0000000000c1', 'user'),
    ('00000000-0000-4000-8000-0000000000b0', '00000000-0000-4000-8000-0000000000c1', 'user'),
    ('00000000-0000-4000-8000-0000000000a0', '00000000-0000-4000-8000-0000000000a2', 'admin'),
    ('00000000-0000-4000-8000-0000000000a0', '00000000-0000-4000-8000-0000000000a3', 'viewer');
insert into public.chat_sessions (id, tenant_id, user_id, title, messages) values
    ('00000000-0000-4000-8000-0000000000aa', '00000000-0000-4000-8000-0000000000a0',
     '00000000-0000-4000-8000-0000000000a1', 'secret of Ada',
     '[{"role": "user", "content": "secret of Ada"}, {"role": "tool", "content": "secret of Ada"}]'),
    ('00000000-0000-4000-8000-0000000000bb', '00000000-0000-4000-8000-0000000000b0',
     '00000000-0000-4000-8000-0000000000b1', 'secret of Bob',
     '[{"role": "user", "content": "secret of Bob"}, {"role": "tool", "content": "secret of Bob"}]');
