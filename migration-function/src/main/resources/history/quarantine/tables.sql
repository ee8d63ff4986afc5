-- Elements that cannot be messages: fix one here and migrate again, and it becomes a message.
-- position is the place in the conversation's order; 0: the whole column.
create table if not exists history.quarantine (
    tenant_id uuid not null, conversation_id uuid not null, "position" bigint not null, reason text not null,
    element jsonb not null, created_at timestamptz not null default now(), primary key (tenant_id, conversation_id, "position"));
alter table history.quarantine add column if not exists original jsonb; -- the element, where somebody has edited it

-- Values that were null or blank before the migration, for the rollback.
create table if not exists history.remembered (
    conversation_id uuid primary key, was jsonb not null, became jsonb not null);

-- After a rollback: the replaced messages, which arrays cannot hold; and under a conversation's own id, whether it is archived and its
-- labels.
create table if not exists history.replaced (
    conversation_id uuid, message_id uuid, message jsonb not null, primary key (conversation_id, message_id));

-- Labels of conversations with the columns that lists are ordered by. Only history.labelled_ids reads it.
create table if not exists history.labelled (
    tenant_id uuid not null, user_id uuid not null, label text not null, archived boolean not null, place timestamptz not null,
    conversation_id uuid not null, primary key (conversation_id, label));
create index if not exists labelled_own_idx on history.labelled (tenant_id, user_id, label, archived, place desc, conversation_id desc);
create index if not exists labelled_tenant_idx on history.labelled (tenant_id, label, archived, place desc, conversation_id desc);

-- Ids of deleted conversations and messages, so that no retry, no client's list and no late end creates them again; none of their
-- content. Each for its user alone: others may have used the id, or say that they did. erased: a conversation that erase or prune has deleted, which nobody stores again.
create table if not exists history.deleted (
    tenant_id uuid not null, user_id uuid not null, id uuid not null, erased boolean not null default false,
    primary key (tenant_id, user_id, id));
do $$
begin
    if not exists (select from pg_catalog.pg_attribute where attrelid = 'history.deleted'::regclass and attname = 'erased') then
        alter table history.deleted add column erased boolean not null default false; -- without a lock if it is there
    end if;
    if exists (
        select from pg_catalog.pg_constraint k
        where k.conrelid = 'history.deleted'::regclass and k.contype = 'p' and cardinality(k.conkey) = 1)
    then
        alter table history.deleted drop constraint deleted_pkey, add primary key (tenant_id, user_id, id);
    end if;
end $$;

-- The progress of a conversation that is too large for one commit.
create table if not exists history.progress (conversation_id uuid primary key, converted bigint not null);
