-- What the functions of the API return. This is their contract, whatever the tables look like: fields are only added, at the end.
do $$
begin
    if to_regtype('history.conversation') is null then
        create type history.conversation as (
            id uuid, tenant_id uuid, user_id uuid, title text, metadata jsonb, created_at timestamptz, updated_at timestamptz,
            message_count bigint, archived boolean, labels text[], last_message_at timestamptz, revision bigint); -- revision: its version
        create type history.message as (
            id uuid, conversation_id uuid, seq bigint, role text, content text, metadata jsonb, created_at timestamptz,
            status text); -- running: an answer that is being made just now
    end if;
end $$;

-- The functions of the API, each in two versions with one signature: for arrays, before expand, and for rows, after it.
create table if not exists history.edition (
    edition text not null, -- arrays or rows
    place integer not null, -- in which order they are defined
    name text not null, definition text not null, primary key (edition, name));
delete from history.edition; -- what follows fills it
