-- Conversation History, file 4 of 5: the steps of the migration. Each is one short transaction, may be run again, and does
-- nothing where it was done before. The migration function calls them one by one; the last file calls them by hand.

create or replace function history.enter(next_phase text) returns void
language sql set search_path = ''
as $$ update history.state set phase = next_phase, changed_at = now() $$;

-- On a database without chat_sessions: what phase 0 would have made, where it is missing.
create or replace function history.begin_fresh() returns text
language plpgsql set search_path = ''
as $$
begin
    if to_regclass('public.chat_sessions') is not null or to_regclass('public.conversations') is not null then
        return 'chat_sessions is there';
    end if;
    if to_regnamespace('auth') is null then
        create schema auth;
        grant usage on schema auth to anon, authenticated, service_role;
    end if;
    if to_regclass('auth.users') is null then
        create table auth.users (
            id uuid primary key default gen_random_uuid(), email text unique, created_at timestamptz default now());
        alter table auth.users enable row level security;
    end if;
    if to_regprocedure('auth.uid()') is null then
        create function auth.uid() returns uuid language sql stable set search_path = ''
            as 'select (nullif(current_setting(''request.jwt.claims'', true), '''')::jsonb ->> ''sub'')::uuid';
    end if;
    if to_regprocedure('auth.role()') is null then
        create function auth.role() returns text language sql stable set search_path = ''
            as 'select nullif(current_setting(''request.jwt.claims'', true), '''')::jsonb ->> ''role''';
    end if;
    create table if not exists public.tenants (
        id uuid primary key default gen_random_uuid(),
        name varchar(255) not null,
        subdomain varchar(100) not null unique,
        settings jsonb default '{}',
        subscription_tier varchar(50) default 'basic',
        status varchar(20) default 'active' check (status in ('active', 'inactive', 'suspended')),
        created_at timestamptz default now(),
        updated_at timestamptz default now());
    create table if not exists public.tenant_users (
        id uuid primary key default gen_random_uuid(),
        tenant_id uuid not null references public.tenants (id) on delete cascade,
        user_id uuid not null references auth.users (id) on delete cascade,
        role varchar(50) default 'user' check (role in ('admin', 'user', 'viewer')),
        permissions jsonb default '{}',
        created_at timestamptz default now(),
        updated_at timestamptz default now(),
        unique (tenant_id, user_id));
    create index if not exists tenant_users_user_id_idx on public.tenant_users (user_id, tenant_id);
    alter table public.tenants enable row level security;
    alter table public.tenant_users enable row level security;
    grant select on public.tenants, public.tenant_users to authenticated;
    grant all on public.tenants, public.tenant_users to service_role;
    if not exists (select from pg_catalog.pg_policies where schemaname = 'public' and tablename = 'tenants') then
        create policy tenants_select on public.tenants for select to authenticated
            using (id = any (array(select history.my_tenants())));
        create policy tenants_service_role on public.tenants for all to service_role
            using (current_user = 'service_role') with check (current_user = 'service_role');
    end if;
    if not exists (select from pg_catalog.pg_policies where schemaname = 'public' and tablename = 'tenant_users') then
        create policy tenant_users_select on public.tenant_users for select to authenticated
            using (tenant_id = any (array(select history.my_tenants())));
        create policy tenant_users_service_role on public.tenant_users for all to service_role
            using (current_user = 'service_role') with check (current_user = 'service_role');
    end if;
    create table public.chat_sessions (
        id uuid constraint conversations_pkey primary key default gen_random_uuid(),
        tenant_id uuid not null constraint conversations_tenant_id_fkey references public.tenants (id) on delete cascade,
        user_id uuid not null constraint conversations_user_id_fkey references auth.users (id) on delete cascade,
        title varchar(255),
        messages jsonb default '[]',
        metadata jsonb default '{}',
        created_at timestamptz default now(),
        updated_at timestamptz default now());
    create index conversations_user_id_idx on public.chat_sessions (user_id);
    alter table public.chat_sessions enable row level security;
    update history.state set fresh = true;
    return 'made phase 0';
end $$;

-- The policies of tenant_users that select from tenant_users recurse: the same meaning through a helper that does not.
create or replace function history.repair_membership_policies() returns text
language plpgsql set search_path = ''
as $$
declare
    policy record;
    repaired text[] := '{}';
begin
    for policy in
        select p.policyname, p.permissive, p.cmd,
            case when p.roles = array['public']::name[] then 'authenticated'
                else (select string_agg(quote_ident(r), ', ') from unnest(p.roles) r) end as roles,
            case when p.qual ~ 'tenant_users' then case when p.qual ~ '''admin''' then 'my_admin_tenants' else 'my_tenants' end
                end as using_helper, p.qual,
            case when p.with_check ~ 'tenant_users'
                then case when p.with_check ~ '''admin''' then 'my_admin_tenants' else 'my_tenants' end
                end as check_helper, p.with_check
        from pg_catalog.pg_policies p
        where p.schemaname = 'public' and p.tablename = 'tenant_users'
            and (p.qual ~ 'tenant_users' or p.with_check ~ 'tenant_users')
    loop
        execute format('drop policy %I on public.tenant_users', policy.policyname);
        execute format('create policy %I on public.tenant_users as %s for %s to %s %s %s',
            policy.policyname, policy.permissive, policy.cmd, policy.roles,
            'using (' || coalesce('tenant_id = any (array(select history.' || policy.using_helper || '()))', policy.qual) || ')',
            'with check ('
                || coalesce('tenant_id = any (array(select history.' || policy.check_helper || '()))', policy.with_check) || ')');
        repaired := repaired || policy.policyname::text;
    end loop;
    return array_to_string(repaired, ', ');
end $$;

-- What expand replaces and a rollback restores, as statements.
create or replace function history.original_of(relation regclass) returns jsonb
language plpgsql set search_path = ''
as $$
begin
    return jsonb_build_object(
        'policies', (
            select coalesce(jsonb_agg(format('create policy %I on public.chat_sessions as %s for %s to %s %s %s',
                p.policyname, p.permissive, p.cmd,
                (select string_agg(case when r = 'public' then 'public' else quote_ident(r) end, ', ') from unnest(p.roles) r),
                'using (' || p.qual || ')', 'with check (' || p.with_check || ')') order by p.policyname), '[]')
            from pg_catalog.pg_policies p
            join pg_catalog.pg_class c on c.oid = relation and c.relname = p.tablename
            join pg_catalog.pg_namespace n on n.oid = c.relnamespace and n.nspname = p.schemaname),
        'triggers', (
            select coalesce(jsonb_agg(jsonb_build_object('name', t.tgname, 'definition', pg_get_triggerdef(t.oid))), '[]')
            from pg_catalog.pg_trigger t join pg_catalog.pg_proc f on f.oid = t.tgfoid
            where t.tgrelid = relation and not t.tgisinternal
                and (t.tgname ~ 'updated_at' or f.proname in ('handle_updated_at', 'update_updated_at_column'))),
        'secured', (select c.relrowsecurity from pg_catalog.pg_class c where c.oid = relation),
        'forced', (select c.relforcerowsecurity from pg_catalog.pg_class c where c.oid = relation),
        'title_default', (
            select pg_get_expr(d.adbin, d.adrelid) from pg_catalog.pg_attrdef d
            join pg_catalog.pg_attribute a on a.attrelid = d.adrelid and a.attnum = d.adnum
            where d.adrelid = relation and a.attname = 'title'),
        'ungranted', (
            select coalesce(jsonb_agg(format('%s on public.chat_sessions from %I', w.privilege, w.grantee)), '[]')
            from (values ('authenticated', 'select'), ('authenticated', 'insert'), ('authenticated', 'update'),
                ('authenticated', 'delete'), ('service_role', 'select'), ('service_role', 'insert'),
                ('service_role', 'update'), ('service_role', 'delete')) w(grantee, privilege)
            where not has_table_privilege(w.grantee, relation, w.privilege)));
end $$;

-- Own rows for a user, the whole tenant to read for its admins, everything for service_role; nothing for anybody else.
create or replace function history.protect(relation regclass, own text, writable text) returns void
language plpgsql set search_path = ''
as $$
declare
    command text;
    service constant text := 'current_user = ''service_role''';
begin
    foreach command in array array['select', 'insert', 'update', 'delete'] loop
        execute format('create policy %I on %s for %s to authenticated %s %s', 'own_' || command, relation, command,
            case when command <> 'insert' then format('using (%s)', own) end,
            case when command in ('insert', 'update') then format('with check (%s)', writable) end);
        execute format('create policy %I on %s for %s to service_role %s %s', 'service_role_' || command, relation, command,
            case when command <> 'insert' then format('using (%s)', service) end,
            case when command in ('insert', 'update') then format('with check (%s)', service) end);
    end loop;
    execute format('create policy admin_select on %s for select to authenticated using (%s)', relation,
        'tenant_id = any (array(select history.my_admin_tenants()))');
    execute format('create policy maintenance on %s to %I using (%s) with check (%3$s)',
        relation, current_user, 'current_setting(''search_path'') = ''history_maintenance''');
    execute format('alter table %s enable row level security', relation);
    execute format('revoke all on %s from public', relation);
    execute format('grant select, insert, update, delete on %s to authenticated, service_role', relation);
end $$;

-- The rows of pending conversations that are not in messages yet; nothing once there can be none.
create or replace function history.define_pending(exist boolean) returns void
language plpgsql set search_path = ''
as $$
begin
    if exist then
        create or replace function history.converted_to(conversation uuid) returns bigint
        language plpgsql stable security definer set search_path = history_maintenance as
        'begin return (select p.converted from history.progress p where p.conversation_id = conversation); end';
        create or replace function history.pending_messages(tenant uuid, conversation uuid)
        returns setof public.messages language sql stable set search_path = '' as
        'select e.id, c.tenant_id, c.id, c.user_id, e.seq, e.role, e.content, e.metadata, e.created_at
         from public.conversations c
         cross join lateral history.elements(c.messages, c.id, coalesce(c.created_at, c.updated_at, now())) e
         where c.tenant_id = tenant and c.id = conversation and c.last_seq is null and e.reason is null
             and e.seq > coalesce(history.converted_to(c.id), 0)';
        create or replace function history.pending_count(tenant uuid, conversation uuid)
        returns integer language sql stable set search_path = '' as
        'select count(*)::integer
         from public.conversations c
         cross join lateral history.elements(c.messages, c.id, c.created_at) e
         where c.tenant_id = tenant and c.id = conversation and c.last_seq is null and e.reason is null';
    else
        create or replace function history.pending_messages(tenant uuid, conversation uuid)
        returns setof public.messages language sql stable set search_path = '' as
        'select m.* from public.messages m where false';
        create or replace function history.pending_count(tenant uuid, conversation uuid)
        returns integer language sql immutable set search_path = '' as 'select 0';
        drop function if exists history.converted_to(uuid);
    end if;
    perform history.grant_access();
end $$;

-- The switch: a rename, a view with the old name, the new table and the mirrors; locks chat_sessions for milliseconds.
create or replace function history.expand() returns text
language plpgsql set search_path = ''
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
        for each row when (current_setting('search_path') <> 'history_maintenance')
        execute function history.conversation_written();
    create trigger history_2_array_inserted before insert on public.conversations
        for each row when (jsonb_typeof(new.messages) <> 'null' and new.messages <> '[]')
        execute function history.array_inserted();
    create trigger history_3_array_stored after insert on public.conversations
        for each row when (jsonb_typeof(new.messages) <> 'null' and new.messages <> '[]')
        execute function history.array_stored();
    create trigger history_2_array_rewritten before update of messages on public.conversations
        for each row when (current_setting('search_path') <> 'history_maintenance'
            and old.messages is distinct from new.messages)
        execute function history.array_rewritten();
    create trigger history_3_deleted after delete on public.conversations
        for each row execute function history.conversation_deleted();
    create trigger history_1_inserted before insert on public.messages
        for each row when (current_setting('search_path') <> 'history_maintenance')
        execute function history.message_inserted();
    create trigger history_1_updated before update on public.messages
        for each row when (current_setting('search_path') <> 'history_maintenance')
        execute function history.message_updated();
    perform history.attach_counters('mirror');
    perform history.define_pending(true);
    perform history.enter('expanded');
    return 'renamed';
end $$;

create or replace function history.attach_counters(argument text) returns void
language plpgsql set search_path = ''
as $$
declare
    event text;
    resting constant text := 'current_setting(''search_path'') <> ''history_maintenance''';
begin
    execute format(
        'create or replace trigger history_2_counted_insert after insert on public.messages
         for each row when (%s) execute function history.message_added(%L)', resting, argument);
    foreach event in array array['update', 'delete'] loop
        execute format(
            'create or replace trigger %I after %s on public.messages referencing old table as before
             for each statement when (%s) execute function history.messages_changed(%L)',
            'history_2_counted_' || event, event, resting, argument);
    end loop;
end $$;

-- One commit of the backfill: some conversations in the order of their ids, or a slice of one that is too large.
-- What somebody has locked is left for the next pass. more is false when nothing is pending.
create or replace function history.backfill_batch(
    max_conversations integer, max_bytes bigint, max_slice bigint,
    out conversations bigint, out elements bigint, out quarantined bigint, out more boolean)
language plpgsql set search_path = history_maintenance
as $$
declare
    reached uuid := (select s.backfilled_to from history.state s);
    candidate record;
    ids uuid[] := '{}';
    bytes bigint := 0;
begin
    conversations := 0;
    elements := 0;
    quarantined := 0;
    more := true;
    for candidate in
        select c.id, coalesce(pg_column_size(c.messages), 0) as bytes
        from public.conversations c
        where c.last_seq is null and c.id > reached
        order by c.id limit max_conversations
    loop
        if history.is_large(candidate.id, candidate.bytes, max_bytes, max_slice) then
            if ids = '{}' then
                select s.* into elements, more from history.backfill_slice(candidate.id, max_bytes, max_slice) s;
                if more then
                    return;
                end if;
                conversations := 1;
                more := true;
                reached := candidate.id;
            end if;
            exit;
        end if;
        reached := candidate.id;
        ids := ids || candidate.id;
        bytes := bytes + candidate.bytes;
        exit when bytes >= max_bytes;
    end loop;
    if ids <> '{}' then
        ids := array(
            select c.id from public.conversations c where c.id = any (ids) and c.last_seq is null
            order by c.id for no key update skip locked);
        select v.* into conversations, elements, quarantined from history.convert(ids) v;
    elsif conversations = 0 then
        reached := '00000000-0000-0000-0000-000000000000';
        more := exists (select from public.conversations c where c.last_seq is null);
    end if;
    update history.state s set backfilled_to = reached;
end $$;

create or replace function history.is_large(conversation uuid, stored bigint, max_bytes bigint, max_slice bigint)
returns boolean
language plpgsql stable set search_path = history_maintenance
as $$
begin
    return stored > 65536 and (
        exists (select from history.progress p where p.conversation_id = conversation)
        or (select jsonb_typeof(c.messages) = 'array'
                and (jsonb_array_length(c.messages) > max_slice or pg_column_size(c.messages #> '{}') > max_bytes)
            from public.conversations c where c.id = conversation));
end $$;

create or replace function history.backfill_slice(
    conversation uuid, max_bytes bigint, max_slice bigint, out elements bigint, out more boolean)
language plpgsql set search_path = history_maintenance
as $$
declare
    c record;
    messages jsonb;
    done bigint;
    size bigint;
begin
    elements := 0;
    more := false;
    select p.id, p.tenant_id, p.user_id, coalesce(p.created_at, p.updated_at, now()) as otherwise into c
    from public.conversations p
    where p.id = conversation and p.last_seq is null for no key update skip locked;
    if not found then
        return;
    end if;
    -- Unpacked once: everything below would unpack a stored array again.
    messages := (select p.messages #> '{}' from public.conversations p where p.id = conversation);
    done := coalesce((select p.converted from history.progress p where p.conversation_id = conversation), 0);
    size := greatest(1, least(max_slice,
        max_bytes * jsonb_array_length(messages) / greatest(1, pg_column_size(messages))));
    if done + size >= jsonb_array_length(messages) then
        elements := (select v.elements from history.convert(array[conversation]) v);
        return;
    end if;
    perform history.put(c.tenant_id, c.id, c.user_id, c.otherwise,
        history.slice(messages, done + 1, done + size), done, null);
    insert into history.progress as p values (conversation, done + size)
    on conflict (conversation_id) do update set converted = excluded.converted;
    elements := size;
    more := true;
end $$;

-- Entries of the quarantine that somebody has mended become messages. Returns how many.
create or replace function history.release_quarantine() returns bigint
language plpgsql set search_path = history_maintenance
as $$
declare
    entry record;
    released bigint := 0;
    places bigint[];
    mirrored boolean := (select phase <> 'complete' from history.state);
begin
    for entry in
        select q.*, c.user_id, coalesce(c.created_at, now()) as otherwise
        from history.quarantine q
        join public.conversations c on c.tenant_id = q.tenant_id and c.id = q.conversation_id
        where c.last_seq is not null and case
            when q.reason = 'not_an_array' then jsonb_typeof(q.element) = 'array'
            else (select e.reason is null from history.elements(jsonb_build_array(q.element), c.id, null) e) end
        order by q.conversation_id, q."position"
        for no key update of c
    loop
        places := array[entry."position"];
        if entry.reason = 'not_an_array' then
            -- The column stood before every message that came since: so do its elements.
            places := array(
                select case when c.last_seq = 0 then i else i - jsonb_array_length(entry.element) end
                from public.conversations c
                cross join generate_series(1, jsonb_array_length(entry.element)) i
                where c.id = entry.conversation_id order by i);
            entry.element := coalesce(nullif(entry.element, '[]'), 'null');
            delete from history.quarantine q
            where q.tenant_id = entry.tenant_id and q.conversation_id = entry.conversation_id and q."position" = 0;
        else
            entry.element := jsonb_build_array(entry.element);
        end if;
        perform history.put(
            entry.tenant_id, entry.conversation_id, entry.user_id, entry.otherwise, entry.element, 0, places);
        update public.conversations c
        set last_seq = greatest(c.last_seq, (select max(p) from unnest(places) p)),
            message_count = (
                select count(*) from public.messages m where m.tenant_id = c.tenant_id and m.conversation_id = c.id)
        where c.id = entry.conversation_id;
        if mirrored then
            update public.conversations c set messages = coalesce(history.rebuilt(c.id), '[]')
            where c.id = entry.conversation_id;
        end if;
        released := released + 1;
    end loop;
    return released;
end $$;

-- Rebuilds arrays from rows and compares: conversations after a given one, with those that differ. One statement, so that
-- an array and its rows are seen in the same moment while both sides go on writing.
create or replace function history.verify_batch(
    after uuid, max_conversations integer, max_bytes bigint, out checked bigint, out reached uuid, out differing uuid[])
language plpgsql set search_path = history_maintenance
as $$
begin
    select count(*), (array_agg(compared.id order by compared.id desc))[1],
        coalesce(array_agg(compared.id order by compared.id) filter (where
            compared.rebuilt is distinct from compared.messages
                and not (compared.rebuilt is null and coalesce(compared.messages, 'null') in ('null', '[]'))
            or compared.message_count <> compared.counted), '{}')
    into checked, reached, differing
    from (
        select sized.id, sized.messages, sized.message_count, history.rebuilt(sized.id) as rebuilt, (
            select count(*) from public.messages m
            where m.tenant_id = sized.tenant_id and m.conversation_id = sized.id) as counted
        from (
            select c.*, sum(coalesce(pg_column_size(c.messages), 0)) over (order by c.id) as bytes,
                row_number() over (order by c.id) as place
            from (
                select p.id, p.tenant_id, p.messages, p.message_count from public.conversations p
                where p.id > after and p.last_seq is not null order by p.id limit max_conversations
            ) c
        ) sized
        where sized.bytes <= max_bytes or sized.place = 1
        offset 0
    ) compared;
end $$;

-- Foreign keys, not yet validated.
create or replace function history.add_foreign_keys() returns void
language plpgsql set search_path = ''
as $$
begin
    if not exists (select from pg_catalog.pg_constraint where conrelid = 'public.messages'::regclass and contype = 'f') then
        alter table public.messages add constraint messages_conversation_fkey
            foreign key (tenant_id, conversation_id) references public.conversations (tenant_id, id)
            on delete cascade not valid;
    end if;
    if not exists (select from pg_catalog.pg_constraint where conrelid = 'history.quarantine'::regclass and contype = 'f') then
        alter table history.quarantine add constraint quarantine_conversation_fkey
            foreign key (tenant_id, conversation_id) references public.conversations (tenant_id, id)
            on delete cascade not valid;
    end if;
end $$;

create or replace function history.add_not_null() returns void
language plpgsql set search_path = ''
as $$
begin
    if exists (select from pg_catalog.pg_attribute where attrelid = 'public.conversations'::regclass
        and attname = 'last_seq' and not attnotnull)
        and not exists (select from pg_catalog.pg_constraint where conname = 'history_filled'
            and conrelid = 'public.conversations'::regclass)
    then
        alter table public.conversations add constraint history_filled
            check (title is not null and last_seq is not null and message_count is not null) not valid;
    end if;
end $$;

-- Looks at every row without keeping anybody from writing. With forced policies an owner would see none, and mark valid
-- what is not: so this comes before FORCE, and the functions of this schema see everything.
create or replace function history.validate() returns void
language plpgsql set search_path = history_maintenance
as $$
declare
    waiting record;
begin
    for waiting in
        select c.conrelid::regclass as relation, c.conname from pg_catalog.pg_constraint c
        where not c.convalidated
            and c.conname in ('messages_conversation_fkey', 'quarantine_conversation_fkey', 'history_filled')
            and c.conrelid in ('public.messages'::regclass, 'history.quarantine'::regclass, 'public.conversations'::regclass)
    loop
        execute format('alter table %s validate constraint %I', waiting.relation, waiting.conname);
    end loop;
end $$;

create or replace function history.set_not_null() returns void
language plpgsql set search_path = ''
as $$
begin
    if exists (select from pg_catalog.pg_constraint where conname = 'history_filled'
        and conrelid = 'public.conversations'::regclass)
    then
        alter table public.conversations
            alter column title set not null,
            alter column last_seq set not null, alter column last_seq set default 0,
            alter column message_count set not null, alter column message_count set default 0,
            drop constraint history_filled;
    end if;
end $$;

create or replace function history.force() returns void
language plpgsql set search_path = ''
as $$
begin
    if not (select relforcerowsecurity from pg_catalog.pg_class where oid = 'public.messages'::regclass) then
        alter table public.conversations force row level security;
        alter table public.messages force row level security;
    end if;
end $$;

-- Messages without a conversation; there must be none.
create or replace function history.orphans() returns bigint
language plpgsql stable set search_path = history_maintenance
as $$
begin
    return (
        select count(*) from public.messages m
        where not exists (
            select from public.conversations c where c.tenant_id = m.tenant_id and c.id = m.conversation_id));
end $$;

-- Supabase Realtime: who may listen to conversations may listen to messages. Returns what a person has to know.
create or replace function history.join_realtime() returns text
language plpgsql set search_path = ''
as $$
declare
    relation text;
begin
    if not exists (select from pg_catalog.pg_publication where pubname = 'supabase_realtime' and not puballtables) then
        return null;
    end if;
    foreach relation in array array['conversations', 'messages'] loop
        if not exists (select from pg_catalog.pg_publication_tables
            where pubname = 'supabase_realtime' and schemaname = 'public' and tablename = relation)
        then
            execute format('alter publication supabase_realtime add table public.%I', relation);
            update history.state set original = original || jsonb_build_object('published_' || relation, true);
        end if;
    end loop;
    return 'clients that listen to chat_sessions hear nothing any more: let them listen to conversations and messages';
exception when insufficient_privilege then
    return 'run as the owner of the publication: alter publication supabase_realtime add table public.messages';
end $$;

-- The last step, days later: nobody uses the old name any more.
create or replace function history.complete() returns text
language plpgsql set search_path = history_maintenance
as $$
begin
    if (select phase from history.state) = 'complete' then
        return 'done before';
    elsif (select phase from history.state) <> 'migrated' then
        raise exception 'Nothing can be completed before migrate has succeeded.';
    end if;
    lock table public.conversations, public.messages in access exclusive mode;
    drop view public.chat_sessions;
    drop trigger history_2_array_inserted on public.conversations;
    drop trigger history_3_array_stored on public.conversations;
    drop trigger history_2_array_rewritten on public.conversations;
    drop trigger history_3_deleted on public.conversations;
    perform history.define_pending(false);
    perform history.attach_counters('');
    alter table public.conversations drop column messages;
    delete from history.remembered;
    delete from history.progress;
    perform history.enter('complete');
    return 'dropped the view, the mirrors and the array';
end $$;

-- Back to chat_sessions. The array was kept right all the time, so this is a rename.
create or replace function history.roll_back() returns text
language plpgsql set search_path = history_maintenance
as $$
declare
    was jsonb := (select original from history.state);
    each record;
    statement text;
begin
    if (select phase from history.state) = 'complete' then
        raise exception 'The migration is complete: the old arrays are gone, and there is nothing to go back to.';
    elsif (select phase from history.state) = 'prepared' then
        return 'nothing to roll back';
    end if;
    lock table public.conversations, public.messages in access exclusive mode;
    drop view public.chat_sessions;
    for each in
        select t.tgname, t.tgrelid::regclass as relation from pg_catalog.pg_trigger t
        where t.tgrelid in ('public.conversations'::regclass, 'public.messages'::regclass) and t.tgname ~ '^history_'
    loop
        execute format('drop trigger %I on %s', each.tgname, each.relation);
    end loop;
    alter table public.conversations drop constraint if exists history_filled, alter column title drop not null;
    update public.conversations c
    set title = case when r.was ? 'title' and c.title = r.became ->> 'title' then r.was ->> 'title' else c.title end,
        metadata = case when r.was ? 'metadata' and c.metadata = r.became -> 'metadata' then null else c.metadata end,
        created_at = case when r.was ? 'created_at' then null else c.created_at end,
        updated_at = case when r.was ? 'updated_at' and c.updated_at = (r.became ->> 'updated_at')::timestamptz then null
            else c.updated_at end
    from history.remembered r where r.conversation_id = c.id;

    drop function if exists history.pending_messages(uuid, uuid);
    drop function if exists history.pending_count(uuid, uuid);
    if was ? 'published_conversations' then
        alter publication supabase_realtime drop table public.conversations;
    end if;
    alter table history.quarantine drop constraint if exists quarantine_conversation_fkey;
    drop table public.messages;
    drop index if exists public.conversations_tenant_id_user_id_updated_at_id_idx;
    drop index if exists public.conversations_tenant_id_updated_at_id_idx;
    alter table public.conversations
        drop constraint conversations_tenant_id_id_key,
        drop column last_seq,
        drop column message_count,
        drop column request_hash;
    for each in select p.policyname from pg_catalog.pg_policies p where p.schemaname = 'public' and p.tablename = 'conversations' loop
        execute format('drop policy %I on public.conversations', each.policyname);
    end loop;
    alter table public.conversations no force row level security;
    alter table public.conversations rename to chat_sessions;
    if was ->> 'forced' = 'true' then
        alter table public.chat_sessions force row level security;
    end if;
    if was ->> 'secured' = 'false' then
        alter table public.chat_sessions disable row level security;
    end if;
    execute format('alter table public.chat_sessions alter column title %s',
        coalesce('set default ' || (was ->> 'title_default'), 'drop default'));
    for statement in
        select value from jsonb_array_elements_text(was -> 'policies')
        union all select replace(t ->> 'definition', ' ON public.conversations ', ' ON public.chat_sessions ')
            from jsonb_array_elements(was -> 'triggers') t
        union all select 'revoke ' || value from jsonb_array_elements_text(was -> 'ungranted')
    loop
        execute statement;
    end loop;
    delete from history.quarantine;
    delete from history.remembered;
    delete from history.progress;
    update history.state set original = '{}', fresh = false, backfilled_to = '00000000-0000-0000-0000-000000000000';
    perform history.enter('prepared');
    return 'chat_sessions is back';
end $$;

select history.grant_access();
