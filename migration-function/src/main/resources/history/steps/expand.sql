-- The switch: a rename, a view with the old name, the new table and the mirrors; locks chat_sessions for milliseconds.
create or replace function history.expand() returns text
language plpgsql set search_path = pg_catalog, pg_temp
as $$
declare
    was jsonb;
    each record;
    columns text;
    own constant text := 'user_id = (select history.user_id()) and tenant_id = any (array(select history.my_tenants()))';
begin
    if (select phase from history.state) <> 'prepared' then
        return 'done before';
    end if;
    lock table public.chat_sessions in access exclusive mode;
    was := history.original_of('public.chat_sessions');
    update history.state set original = was, backfilled_to = '00000000-0000-0000-0000-000000000000';
    for each in select p.policyname from pg_catalog.pg_policies p where p.schemaname = 'public' and p.tablename = 'chat_sessions' loop
        execute format('drop policy %I on public.chat_sessions', each.policyname);
    end loop;
    for each in select t ->> 'name' as name from jsonb_array_elements(was -> 'triggers') t loop
        execute format('drop trigger %I on public.chat_sessions', each.name);
    end loop;
    select string_agg(quote_ident(a.attname), ', ' order by a.attnum) into columns
    from pg_catalog.pg_attribute a
    where a.attrelid = 'public.chat_sessions'::regclass and a.attnum > 0 and not a.attisdropped;

    alter table public.chat_sessions rename to conversations;
    alter table public.conversations
        add column last_seq bigint,
        add column message_count integer,
        add column request_hash text, -- of the request that came with an idempotency key and made it
        alter column title set default 'New Conversation';
    if to_regclass('public.conversations_tenant_id_id_key') is not null then
        alter table public.conversations add unique using index conversations_tenant_id_id_key;
    else
        alter table public.conversations add constraint conversations_tenant_id_id_key unique (tenant_id, id);
    end if;

    execute format('create view public.chat_sessions with (security_invoker = true) as select %s from public.conversations', columns);
    revoke all on public.chat_sessions from public, anon, authenticated, service_role;
    perform history.protect('public.conversations', own, own);
    for each in
        select a.privilege_type, a.is_grantable, case when a.grantee = 0 then 'public' else quote_ident(r.rolname) end as grantee
        from pg_catalog.pg_class c
        cross join lateral aclexplode(c.relacl) a
        left join pg_catalog.pg_roles r on r.oid = a.grantee
        where c.oid = 'public.conversations'::regclass and a.grantee <> c.relowner
            and a.privilege_type in ('SELECT', 'INSERT', 'UPDATE', 'DELETE', 'TRIGGER', 'REFERENCES', 'TRUNCATE')
    loop
        execute format('grant %s on public.chat_sessions to %s %s', each.privilege_type, each.grantee,
            case when each.is_grantable then 'with grant option' end);
    end loop;

    create table public.messages (
        id uuid primary key default gen_random_uuid(),
        tenant_id uuid not null,
        conversation_id uuid not null,
        user_id uuid not null,
        seq bigint not null,
        role varchar(20) not null check (role in ('user', 'assistant', 'system')),
        content text not null,
        metadata jsonb not null default '{}',
        created_at timestamptz not null default now(),
        constraint messages_tenant_id_conversation_id_seq_key unique (tenant_id, conversation_id, seq)
    );
    revoke all on public.messages from public, anon, authenticated, service_role;
    perform history.protect('public.messages', own, own || ' and history.owns_conversation(tenant_id, conversation_id)');

    create trigger history_1_written before insert or update on public.conversations
        for each row when (current_setting('search_path') <> 'history_maintenance, pg_temp')
        execute function history.conversation_written();
    create trigger history_2_array_inserted before insert on public.conversations
        for each row when (jsonb_typeof(new.messages) <> 'null' and new.messages <> '[]')
        execute function history.array_inserted();
    create trigger history_3_array_stored after insert on public.conversations
        for each row when (jsonb_typeof(new.messages) <> 'null' and new.messages <> '[]')
        execute function history.array_stored();
    create trigger history_2_array_rewritten before update of messages on public.conversations
        for each row when (current_setting('search_path') <> 'history_maintenance, pg_temp'
            and old.messages is distinct from new.messages)
        execute function history.array_rewritten();
    create trigger history_3_deleted after delete on public.conversations
        for each row execute function history.conversation_deleted();
    create trigger history_1_inserted before insert on public.messages
        for each row when (current_setting('search_path') <> 'history_maintenance, pg_temp')
        execute function history.message_inserted();
    create trigger history_1_updated before update on public.messages
        for each row when (current_setting('search_path') <> 'history_maintenance, pg_temp')
        execute function history.message_updated();
    perform history.attach_counters('mirror');
    perform history.define_pending(true);
    perform history.enter('expanded');
    return 'renamed';
end $$;
