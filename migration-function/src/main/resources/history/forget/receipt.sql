-- What erase and prune have deleted: how many rows of which tables, when and by whom; nothing of what was in them.
create table if not exists history.receipt (
    id uuid primary key default gen_random_uuid(), action text not null, tenant_id uuid not null,
    user_id uuid, -- whose; null: everybody's, by prune
    actor text not null, began_at timestamptz not null default clock_timestamp(),
    ended_at timestamptz, -- null: there is more to delete
    deleted jsonb not null); -- rows by table
