-- Elements that cannot be messages: fix one here and migrate again, and it becomes a message.
-- position is the place in the conversation's order; 0: the whole column.
create table if not exists history.quarantine (
    tenant_id uuid not null,
    conversation_id uuid not null,
    "position" bigint not null,
    reason text not null,
    element jsonb not null,
    created_at timestamptz not null default now(),
    primary key (tenant_id, conversation_id, "position")
);

-- Values that were null or blank before, for the rollback.
create table if not exists history.remembered (
    conversation_id uuid primary key,
    was jsonb not null,
    became jsonb not null
);

-- How far a conversation is that is too large for one commit.
create table if not exists history.progress (
    conversation_id uuid primary key,
    converted bigint not null
);

-- These hold tenants' data. The owner is under their policies too, except while a function of this schema works.
do $$
declare
    private text;
begin
    foreach private in array array['quarantine', 'remembered', 'progress'] loop
        execute format('alter table history.%I enable row level security', private);
        execute format('alter table history.%I force row level security', private);
        execute format('revoke all on history.%I from public, anon, authenticated', private);
        if not exists (
            select from pg_catalog.pg_policies
            where schemaname = 'history' and tablename = private and policyname = 'maintenance')
        then
            execute format(
                'create policy maintenance on history.%I to %I using (%s) with check (%3$s)',
                private, current_user, 'current_setting(''search_path'') = ''history_maintenance, pg_temp''');
        end if;
    end loop;
    grant usage on schema history to service_role;
    grant select, update, delete on history.quarantine to service_role;
    if not exists (
        select from pg_catalog.pg_policies
        where schemaname = 'history' and tablename = 'quarantine' and policyname = 'service_role_select')
    then
        create policy service_role_select on history.quarantine for select to service_role
            using (current_user = 'service_role');
        create policy service_role_update on history.quarantine for update to service_role
            using (current_user = 'service_role') with check (current_user = 'service_role');
        create policy service_role_delete on history.quarantine for delete to service_role
            using (current_user = 'service_role');
    end if;
end $$;
