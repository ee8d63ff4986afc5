-- The private schema and the state of the migration.
--
-- Functions that do the migration's own work have the search_path history_maintenance. That schema does not exist, so the path is as
-- safe as an empty one, and it serves as a mark. (A setting of our own would be the obvious mark, but only a superuser may attach one
-- to a function.) With this path, and only for the owner, the forced policies let everything pass and the triggers do nothing: so the
-- mirrors do not feed each other, and a backfill changes no updated_at. Every path names pg_temp last; left out, it would come first.

do $$
declare
    owner constant text := (select n.nspowner::regrole::text from pg_catalog.pg_namespace n where n.nspname = 'history');
begin
    if owner <> quote_ident(current_user) then
        raise exception 'Schema history belongs to %, and so must what is made in it.', owner
            using hint = format('set role %s; then run this again.', owner);
    end if;
end $$;
create schema if not exists history;
revoke all on schema history from public;

-- One row: the phase of the migration, and what a rollback needs to restore.
create table if not exists history.state (
    only_row boolean primary key default true check (only_row),
    phase text not null default 'prepared' check (phase in ('prepared', 'expanded', 'backfilled', 'migrated', 'complete')),
    fresh boolean not null default false,
    backfilled_to uuid not null default '00000000-0000-0000-0000-000000000000',
    original jsonb not null default '{}',
    changed_at timestamptz not null default now()
);
do $$
begin
    if not exists (select from pg_catalog.pg_attribute where attrelid = 'history.state'::regclass and attname = 'upgraded_to') then
        alter table history.state add column if not exists schema integer default 1, add column if not exists version text,
            add column upgraded_to uuid not null default '00000000-0000-0000-0000-000000000000';
        alter table history.state alter column schema drop default;
    end if;
end $$;
-- The first version had no numbered steps.
comment on column history.state.schema is 'the last numbered step that was done; null: the tables are yet to be made';
comment on column history.state.version is 'the version that made the schema as it is';
insert into history.state (schema) values (null) on conflict do nothing;

-- The run that holds the lease.
create table if not exists history.lease (
    only_row boolean primary key default true check (only_row),
    holder text not null, action text not null, backend integer not null,
    since timestamptz not null default now(), heartbeat timestamptz not null default now());

-- Each function of this schema as this version defined it.
create table if not exists history.definition (name text primary key, digest text not null);
