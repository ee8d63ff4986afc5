-- Adds the columns for turns and lists. Existing rows get constants, so no row is rewritten; revision stays null until a conversation
-- has been taken over, and its updated_at is its version until then. Locks both tables for milliseconds, once. Called by expand and,
-- for the schema of an earlier version, before the definitions, which use the columns.
create or replace function history.add_columns() returns void
language plpgsql set search_path = pg_catalog, pg_temp
as $$
begin
    if exists (
        select from pg_attribute a where a.attrelid = 'public.messages'::regclass and a.attname = 'parts' and not a.attisdropped)
    then
        return;
    end if;
    alter table public.conversations
        add column archived boolean not null default false,
        add column labels text[] not null default '{}',
        add column last_message_at timestamptz,
        add column revision bigint; -- grows with every visible change
    alter table public.messages
        add column status text not null default 'completed', -- of an answer; if it is not running it has ended
        add column current boolean not null default true, -- shown; not a version or an answer that another one replaced
        add column reply_to uuid, -- the question of an answer
        add column lease_until timestamptz, -- until when nobody else answers; null when nobody does
        add column client_id text, -- what the client calls the message, or the id of its element
        add column request_key text, -- the Idempotency-Key of the request that wanted the answer
        add column request_hash text, -- of its body
        add column model text, add column input_tokens integer, add column output_tokens integer, add column parts jsonb;
    if to_regprocedure('history.pending_messages(uuid, uuid)') is not null then -- it gives whole rows
        execute replace(pg_get_functiondef(to_regprocedure('history.pending_messages(uuid, uuid)')), 'e.metadata, e.created_at',
            'e.metadata, e.created_at, ''completed'', true, null::uuid, null::timestamptz, null, null, null, null, null::integer, '
            'null::integer, null::jsonb');
    end if;
end $$;

do $$
begin
    if to_regclass('public.messages') is not null and (select s.phase from history.state s) <> 'prepared' then
        perform history.add_columns();
    end if;
end $$;
