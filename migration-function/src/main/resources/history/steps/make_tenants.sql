-- Creates the tables of tenants and their users with their policies, where they are missing. Called by begin_fresh.
create or replace function history.make_tenants() returns void
language plpgsql set search_path = pg_catalog, pg_temp
as $$
declare
    t record;
begin
    create table if not exists public.tenants (
        id uuid primary key default gen_random_uuid(), name varchar(255) not null, subdomain varchar(100) not null unique,
        settings jsonb default '{}', subscription_tier varchar(50) default 'basic',
        status varchar(20) default 'active' check (status in ('active', 'inactive', 'suspended')),
        created_at timestamptz default now(), updated_at timestamptz default now());
    create table if not exists public.tenant_users (
        id uuid primary key default gen_random_uuid(), tenant_id uuid not null references public.tenants (id) on delete cascade,
        user_id uuid not null references auth.users (id) on delete cascade,
        role varchar(50) default 'user' check (role in ('admin', 'user', 'viewer')), permissions jsonb default '{}',
        created_at timestamptz default now(), updated_at timestamptz default now(), unique (tenant_id, user_id));
    create index if not exists tenant_users_user_id_idx on public.tenant_users (user_id, tenant_id);
    alter table public.tenants enable row level security;
    alter table public.tenant_users enable row level security;
    grant select on public.tenants, public.tenant_users to authenticated;
    grant all on public.tenants, public.tenant_users to service_role;
    for t in
        select * from (values ('tenants', 'id'), ('tenant_users', 'tenant_id')) w(name, tenant)
        where not exists (select from pg_catalog.pg_policies p where p.schemaname = 'public' and p.tablename = w.name)
    loop
        execute format('create policy %I on public.%I for select to authenticated using (%I = any (array(select history.my_tenants())))',
            t.name || '_select', t.name, t.tenant);
        execute format('create policy %I on public.%I for all to service_role using (current_user = ''service_role'') '
            'with check (current_user = ''service_role'')', t.name || '_service_role', t.name);
    end loop;
end $$;
