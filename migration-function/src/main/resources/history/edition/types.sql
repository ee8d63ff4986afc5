-- What the functions of the API return. This is their contract, whatever the tables look like: fields are only added, at the end.
do $$
begin
    if to_regtype('history.conversation') is null then
        create type history.conversation as (
            id uuid, tenant_id uuid, user_id uuid, title text, metadata jsonb,
            created_at timestamptz, updated_at timestamptz, message_count bigint);
    end if;
    if not exists (select from pg_attribute a where a.attrelid = to_regclass('history.conversation') and a.attname = 'revision') then
        alter type history.conversation
            add attribute archived boolean, add attribute labels text[], add attribute last_message_at timestamptz,
            add attribute revision bigint; -- its version
    end if;
    if to_regtype('history.message') is null then
        create type history.message as (
            id uuid, conversation_id uuid, seq bigint, role text, content text, metadata jsonb, created_at timestamptz);
    end if;
    if not exists (select from pg_attribute a where a.attrelid = to_regclass('history.message') and a.attname = 'status') then
        alter type history.message add attribute status text; -- running: an answer that is being made just now
    end if;
end $$;

-- The functions of the API, each in two versions with one signature: for arrays, before expand, and for rows, after it.
create table if not exists history.edition (
    edition text not null, -- arrays or rows
    place integer not null, -- in which order they are defined
    name text not null,
    definition text not null,
    primary key (edition, name)
);
