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
