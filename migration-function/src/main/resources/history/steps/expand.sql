-- Switches from arrays to rows: renames the table, creates a view with the old name, messages, mirrors. Locks for milliseconds.
create or replace function history.expand() returns text
language plpgsql set search_path = pg_catalog, pg_temp
as $$
declare
    statement text;
begin
    if (select phase from history.state) <> 'prepared' then
        return 'done before';
    end if;
    lock table public.chat_sessions in access exclusive mode;
    update history.state
    set original = history.original_of('public.chat_sessions'), backfilled_to = '00000000-0000-0000-0000-000000000000';
    foreach statement in array array(
        select format('drop policy %I on public.chat_sessions', p.name) from history.session_policies() p where p.replaced
        union all select format('drop trigger %I on public.chat_sessions', t.name) from history.session_triggers() t where t.replaced)
    loop
        execute statement;
    end loop;
    alter table public.chat_sessions rename to conversations;
    alter table public.conversations
        add column last_seq bigint,
        add column message_count integer,
        add column request_hash text, -- of the request that came with an idempotency key and made it
        alter column title set default 'New Conversation';
    perform history.make_view();
    create table public.messages (
        id uuid primary key default gen_random_uuid(), tenant_id uuid not null, conversation_id uuid not null, user_id uuid not null,
        seq bigint not null, role varchar(20) not null check (role::text = any (array['user'::text, 'assistant'::text, 'system'::text])),
        content text not null, metadata jsonb not null default '{}', created_at timestamptz not null default now(),
        constraint messages_tenant_id_conversation_id_seq_key unique (tenant_id, conversation_id, seq));
    perform history.add_columns();
    perform history.carry_grants();
    update history.state set original = original
        || jsonb_build_object('carried', history.carry_policies() || history.carry_triggers(), 'constraints', array(
            select regexp_replace(pg_get_constraintdef(k.oid), ' NOT VALID$', '') from pg_constraint k
            where k.conrelid = 'public.conversations'::regclass
            union all
            select pg_get_indexdef(i.indexrelid) from pg_index i where i.indrelid = 'public.conversations'::regclass and i.indisunique));
    perform history.use_edition('rows');
    perform history.remember_definitions(array(select e.name from history.edition e));
    perform history.guard('expanded');
    perform history.enter('expanded');
    return 'renamed';
end $$;
