-- The switch: a rename, a view with the old name, the new table and the mirrors; locks chat_sessions for milliseconds.
create or replace function history.expand() returns text
language plpgsql set search_path = pg_catalog, pg_temp
as $$
declare
    was jsonb;
    each record;
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
    alter table public.chat_sessions rename to conversations;
    alter table public.conversations
        add column last_seq bigint,
        add column message_count integer,
        add column request_hash text, -- of the request that came with an idempotency key and made it
        alter column title set default 'New Conversation';
    perform history.make_view();
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
        role varchar(20) not null check (role::text = any (array['user'::text, 'assistant'::text, 'system'::text])),
        content text not null,
        metadata jsonb not null default '{}',
        created_at timestamptz not null default now(),
        constraint messages_tenant_id_conversation_id_seq_key unique (tenant_id, conversation_id, seq)
    );
    perform history.define_pending(true);
    perform history.use_edition('rows');
    perform history.guard('expanded');
    perform history.enter('expanded');
    return 'renamed';
end $$;
