-- Dumped from database version 15.19
-- Dumped by pg_dump version 18.6

SET statement_timeout = 0;
SET lock_timeout = 0;
SET idle_in_transaction_session_timeout = 0;
SET client_encoding = 'UTF8';
SET standard_conforming_strings = on;
SELECT pg_catalog.set_config('search_path', '', false);
SET check_function_bodies = false;
SET xmloption = content;
SET client_min_messages = warning;
SET row_security = off;

CREATE SCHEMA auth;

ALTER SCHEMA auth OWNER TO postgres;

CREATE SCHEMA history;

ALTER SCHEMA history OWNER TO owner_plain;

CREATE EXTENSION IF NOT EXISTS "uuid-ossp" WITH SCHEMA public;

COMMENT ON EXTENSION "uuid-ossp" IS 'generate universally unique identifiers (UUIDs)';

CREATE FUNCTION auth.uid() RETURNS uuid
    LANGUAGE sql STABLE
    AS $$ select (nullif(current_setting('request.jwt.claims', true), '')::jsonb ->> 'sub')::uuid $$;

ALTER FUNCTION auth.uid() OWNER TO postgres;

CREATE FUNCTION history.add_foreign_keys() RETURNS void
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
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

ALTER FUNCTION history.add_foreign_keys() OWNER TO owner_plain;

CREATE FUNCTION history.add_not_null() RETURNS void
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
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

ALTER FUNCTION history.add_not_null() OWNER TO owner_plain;

CREATE FUNCTION history.array_inserted() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'history_maintenance'
    AS $$
begin
    select coalesce(max(e.seq), 0), count(*) filter (where e.reason is null)
    into new.last_seq, new.message_count
    from history.elements(new.messages, new.id, new.created_at) e;
    return new;
end $$;

ALTER FUNCTION history.array_inserted() OWNER TO owner_plain;

CREATE FUNCTION history.array_rewritten() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'history_maintenance'
    AS $$
declare
    otherwise timestamptz := coalesce(new.created_at, new.updated_at, now());
    was jsonb := case when jsonb_typeof(old.messages) = 'array' then old.messages
        when old.messages is null or old.messages = 'null' then '[]' else jsonb_build_array(old.messages) end;
    becomes jsonb := case when jsonb_typeof(new.messages) = 'array' then new.messages
        when new.messages is null or new.messages = 'null' then '[]' else jsonb_build_array(new.messages) end;
    length integer := jsonb_array_length(was);
    added integer := jsonb_array_length(becomes) - length;
    done bigint;
    seqs bigint[];
    written_by_api uuid[];
    old_seqs bigint[];
    old_elements jsonb[];
    new_elements jsonb[];
    same_before integer;
    same_after integer := 0;
    changed jsonb;
    changed_seqs bigint[];
begin
    if old.last_seq is null then
        select p.converted into done from history.progress p where p.conversation_id = old.id;
        if not found then
            return new; -- not begun: the backfill will read this array
        end if;
        -- Begun, and too large for one commit: only its first positions are rows, all of them from the array.
        seqs := array(select generate_series(jsonb_array_length(becomes) + 1, done));
        perform history.remove(old.tenant_id, old.id, seqs);
        done := least(done, jsonb_array_length(becomes));
        if jsonb_typeof(new.messages) is distinct from 'array' then
            delete from history.progress p where p.conversation_id = old.id;
            perform history.remove(old.tenant_id, old.id, array(select generate_series(0, done)));
            return new;
        end if;
        update history.progress p set converted = done where p.conversation_id = old.id;
        select jsonb_agg(n.value order by n.i), array_agg(n.i order by n.i) into changed, changed_seqs
        from jsonb_array_elements(history.slice(becomes, 1, done)) with ordinality n(value, i)
        join jsonb_array_elements(history.slice(was, 1, done)) with ordinality o(value, i) on o.i = n.i
        where o.value is distinct from n.value;
        perform history.put(old.tenant_id, old.id, old.user_id, otherwise, changed, 0, changed_seqs);
        return new;
    end if;

    if added > 0 and jsonb_typeof(new.messages) = 'array' and jsonb_typeof(coalesce(old.messages, '[]')) = 'array'
        and (length = 0 or history.slice(becomes, 1, length) = was)
    then
        perform history.put(
            old.tenant_id, old.id, old.user_id, otherwise,
            history.slice(becomes, length + 1, length + added), old.last_seq, null);
        new.last_seq := old.last_seq + added;
    else
        select array_agg(l.seq order by l.seq), array_agg(l.api order by l.seq) into seqs, written_by_api
        from (
            select m.seq, case when not m.metadata ? 'legacy' then m.id end as api
            from public.messages m where m.tenant_id = old.tenant_id and m.conversation_id = old.id
            union all
            select q."position", null from history.quarantine q
            where q.tenant_id = old.tenant_id and q.conversation_id = old.id
        ) l;
        select array_agg(seqs[o.k] order by o.k), array_agg(o.value order by o.k) into old_seqs, old_elements
        from jsonb_array_elements(was) with ordinality o(value, k) where written_by_api[o.k] is null;
        select array_agg(n.value order by n.k) into new_elements
        from (
            select e.value, e.k, row_number() over (partition by e.value ->> 'id' order by e.k) as nth
            from jsonb_array_elements(becomes) with ordinality e(value, k)
        ) n
        where (n.value ->> 'id' = any (array_remove(written_by_api, null)::text[]) and n.nth = 1) is not true;
        old_seqs := coalesce(old_seqs, '{}');
        old_elements := coalesce(old_elements, '{}');
        new_elements := coalesce(new_elements, '{}');

        if jsonb_typeof(new.messages) not in ('array', 'null') then
            perform history.remove(old.tenant_id, old.id, old_seqs);
            perform history.put(old.tenant_id, old.id, old.user_id, otherwise, new.messages, 0, null);
        else
            if old_seqs[1] = 0 and new_elements[1] is distinct from old_elements[1] then
                perform history.remove(old.tenant_id, old.id, array[0]);
                old_seqs := old_seqs[2:];
                old_elements := old_elements[2:];
            end if;
            length := cardinality(old_elements);
            added := cardinality(new_elements) - length;
            select coalesce(min(u.i) - 1, length) into same_before
            from unnest(old_elements, new_elements) with ordinality u(o, n, i) where u.o is distinct from u.n;
            if added < 0 then
                select length + added - coalesce(max(u.i), 0) into same_after
                from unnest(old_elements[1 - added:], new_elements) with ordinality u(o, n, i)
                where u.o is distinct from u.n;
                same_after := least(same_after, length + added - same_before);
                perform history.remove(
                    old.tenant_id, old.id, old_seqs[length + added - same_after + 1 : length - same_after]);
            end if;
            select jsonb_agg(u.n order by u.i),
                array_agg(case when u.i <= length then old_seqs[u.i] else old.last_seq + u.i - length end order by u.i)
            into changed, changed_seqs
            from unnest(old_elements, new_elements) with ordinality u(o, n, i)
            where u.i > same_before and u.i <= length + added - same_after and u.o is distinct from u.n;
            perform history.put(old.tenant_id, old.id, old.user_id, otherwise, changed, 0, changed_seqs);
            new.last_seq := old.last_seq + greatest(added, 0);
        end if;
        if array_remove(written_by_api, null) <> '{}' then
            new.messages := history.rebuilt(old.id);
        end if;
    end if;
    select count(*) into new.message_count
    from public.messages m where m.tenant_id = old.tenant_id and m.conversation_id = old.id;
    return new;
end $$;

ALTER FUNCTION history.array_rewritten() OWNER TO owner_plain;

CREATE FUNCTION history.array_stored() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'history_maintenance'
    AS $$
begin
    perform history.put(new.tenant_id, new.id, new.user_id, new.created_at, new.messages, 0, null);
    return null;
end $$;

ALTER FUNCTION history.array_stored() OWNER TO owner_plain;

CREATE FUNCTION history.attach_counters(argument text) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
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

ALTER FUNCTION history.attach_counters(argument text) OWNER TO owner_plain;

CREATE FUNCTION history.backfill_batch(max_conversations integer, max_bytes bigint, max_slice bigint, OUT conversations bigint, OUT elements bigint, OUT quarantined bigint, OUT more boolean) RETURNS record
    LANGUAGE plpgsql
    SET search_path TO 'history_maintenance'
    AS $$
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

ALTER FUNCTION history.backfill_batch(max_conversations integer, max_bytes bigint, max_slice bigint, OUT conversations bigint, OUT elements bigint, OUT quarantined bigint, OUT more boolean) OWNER TO owner_plain;

CREATE FUNCTION history.backfill_slice(conversation uuid, max_bytes bigint, max_slice bigint, OUT elements bigint, OUT more boolean) RETURNS record
    LANGUAGE plpgsql
    SET search_path TO 'history_maintenance'
    AS $$
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

ALTER FUNCTION history.backfill_slice(conversation uuid, max_bytes bigint, max_slice bigint, OUT elements bigint, OUT more boolean) OWNER TO owner_plain;

CREATE FUNCTION history.begin_fresh() RETURNS text
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
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

ALTER FUNCTION history.begin_fresh() OWNER TO owner_plain;

CREATE FUNCTION history.chosen_tenant() RETURNS text
    LANGUAGE plpgsql STABLE
    SET search_path TO ''
    AS $$
declare
    claims jsonb := history.claims();
begin
    return coalesce(
        nullif(current_setting('app.tenant_id', true), ''),
        nullif(claims ->> 'tenant_id', ''),
        nullif(claims -> 'app_metadata' ->> 'tenant_id', ''));
end $$;

ALTER FUNCTION history.chosen_tenant() OWNER TO owner_plain;

CREATE FUNCTION history.claims() RETURNS jsonb
    LANGUAGE plpgsql STABLE
    SET search_path TO ''
    AS $$
begin
    return nullif(current_setting('request.jwt.claims', true), '')::jsonb;
exception when data_exception or statement_too_complex then
    return null;
end $$;

ALTER FUNCTION history.claims() OWNER TO owner_plain;

CREATE FUNCTION history.complete() RETURNS text
    LANGUAGE plpgsql
    SET search_path TO 'history_maintenance'
    AS $$
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

ALTER FUNCTION history.complete() OWNER TO owner_plain;

CREATE FUNCTION history.conversation_deleted() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'history_maintenance'
    AS $$
begin
    delete from public.messages m where m.tenant_id = old.tenant_id and m.conversation_id = old.id;
    delete from history.quarantine q where q.tenant_id = old.tenant_id and q.conversation_id = old.id;
    delete from history.remembered r where r.conversation_id = old.id;
    delete from history.progress p where p.conversation_id = old.id;
    return null;
end $$;

ALTER FUNCTION history.conversation_deleted() OWNER TO owner_plain;

CREATE FUNCTION history.conversation_written() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
begin
    if tg_op = 'INSERT' then
        new.last_seq := 0;
        new.message_count := 0;
        new.created_at := coalesce(new.created_at, new.updated_at, now());
        new.updated_at := coalesce(new.updated_at, new.created_at);
    else
        new.last_seq := old.last_seq;
        new.message_count := old.message_count;
        -- The validator of the answer to a client: it must change with every change.
        new.updated_at := greatest(clock_timestamp(), coalesce(old.updated_at, '-infinity') + interval '1 microsecond');
        if old.last_seq is null and new.title is not distinct from old.title
            and new.metadata is not distinct from old.metadata then
            return new; -- the backfill will normalise what was there, and remember it
        end if;
    end if;
    if new.title is null or new.title !~ '\S' then
        new.title := 'New Conversation';
    end if;
    new.metadata := coalesce(new.metadata, '{}');
    return new;
end $$;

ALTER FUNCTION history.conversation_written() OWNER TO owner_plain;

CREATE FUNCTION history.convert(ids uuid[], OUT conversations bigint, OUT elements bigint, OUT quarantined bigint) RETURNS record
    LANGUAGE plpgsql
    SET search_path TO 'history_maintenance'
    AS $$
begin
    with pending as materialized (
        select c.*, coalesce(p.converted, 0) as converted, coalesce(c.created_at, c.updated_at, now()) as otherwise,
            -- Unpacked here, once.
            case when p.converted is null then c.messages #> '{}' else history.slice(c.messages, p.converted + 1, 2147483647) end
                as remaining
        from public.conversations c
        left join history.progress p on p.conversation_id = c.id
        where c.id = any (ids) and c.last_seq is null
    ), element as materialized (
        select p.id as conversation_id, p.tenant_id, p.user_id,
            e.seq, e.id, e.role, e.content, e.metadata, e.created_at, e.reason, e.element
        from pending p
        cross join lateral history.elements(p.remaining, p.id, p.otherwise, p.converted) e
    ), stored as (
        insert into public.messages (id, tenant_id, conversation_id, user_id, seq, role, content, metadata, created_at)
        select e.id, e.tenant_id, e.conversation_id, e.user_id, e.seq, e.role, e.content, e.metadata, e.created_at
        from element e where e.reason is null
    ), kept as (
        insert into history.quarantine (tenant_id, conversation_id, "position", reason, element)
        select e.tenant_id, e.conversation_id, e.seq, e.reason, e.element from element e where e.reason is not null
    ), counted as (
        select e.conversation_id, max(e.seq) as last_seq, count(*) as elements,
            count(*) filter (where e.reason is null) as messages
        from element e group by e.conversation_id
    ), remembered as (
        insert into history.remembered (conversation_id, was, became)
        select p.id,
            (select jsonb_object_agg(w.key, w.value) from jsonb_each(n.was) w where w.value is distinct from n.became -> w.key),
            n.became
        from pending p
        cross join lateral (select
            jsonb_build_object('title', p.title, 'metadata', p.metadata,
                'created_at', p.created_at, 'updated_at', p.updated_at) as was,
            jsonb_build_object(
                'title', case when p.title ~ '\S' then p.title else 'New Conversation' end,
                'metadata', case when p.metadata is null then '{}' else p.metadata end,
                'created_at', p.otherwise, 'updated_at', coalesce(p.updated_at, p.otherwise)) as became) n
        where n.was <> n.became
        on conflict do nothing
    ), finished as (
        update public.conversations c
        set last_seq = coalesce(n.last_seq, p.converted),
            message_count = coalesce(n.messages, 0) + case when p.converted = 0 then 0 else (
                select count(*) from public.messages m where m.tenant_id = p.tenant_id and m.conversation_id = p.id) end,
            title = case when p.title ~ '\S' then p.title else 'New Conversation' end,
            metadata = coalesce(p.metadata, '{}'),
            created_at = p.otherwise,
            updated_at = coalesce(p.updated_at, p.otherwise)
        from pending p left join counted n on n.conversation_id = p.id
        where c.id = p.id
    ), over as (
        delete from history.progress g using pending p where p.converted > 0 and g.conversation_id = p.id
    )
    select (select count(*) from pending), coalesce(sum(n.elements), 0), coalesce(sum(n.elements - n.messages), 0)
    into convert.conversations, convert.elements, convert.quarantined
    from counted n;
end $$;

ALTER FUNCTION history.convert(ids uuid[], OUT conversations bigint, OUT elements bigint, OUT quarantined bigint) OWNER TO owner_plain;

CREATE FUNCTION history.current_tenant() RETURNS uuid
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path TO ''
    AS $$
declare
    caller uuid := history.user_id();
    chosen text := history.chosen_tenant();
    tenants uuid[];
begin
    tenants := array(select u.tenant_id from public.tenant_users u where u.user_id = caller);
    if chosen is not null then
        if history.to_uuid(chosen) = any (tenants) then
            return history.to_uuid(chosen);
        end if;
        raise exception using errcode = 'PT403', message = 'You are not a member of this tenant.';
    elsif cardinality(tenants) = 1 then
        return tenants[1];
    elsif cardinality(tenants) = 0 then
        raise exception using errcode = 'PT403', message = 'You are not a member of any tenant.';
    end if;
    raise exception using errcode = 'PT403',
        message = 'You are a member of several tenants, and the token does not choose one.';
end $$;

ALTER FUNCTION history.current_tenant() OWNER TO owner_plain;

CREATE FUNCTION history.define_pending(exist boolean) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
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

ALTER FUNCTION history.define_pending(exist boolean) OWNER TO owner_plain;

CREATE FUNCTION history.derived_id(kind text, key text) RETURNS uuid
    LANGUAGE plpgsql STABLE
    SET search_path TO ''
    AS $$
begin
    return history.uuid_of(sha256(
        uuid_send(history.current_tenant()) || uuid_send(history.user_id())
        || int4send(octet_length(kind)) || convert_to(kind, 'UTF8') || convert_to(key, 'UTF8')));
end $$;

ALTER FUNCTION history.derived_id(kind text, key text) OWNER TO owner_plain;

CREATE FUNCTION history.uuid_of(hash bytea) RETURNS uuid
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN (encode(set_byte(set_byte(substr(hash, 1, 16), 6, ((get_byte(hash, 6) & 15) | 128)), 8, ((get_byte(hash, 8) & 63) | 128)), 'hex'::text))::uuid;

ALTER FUNCTION history.uuid_of(hash bytea) OWNER TO owner_plain;

CREATE FUNCTION history.element_id(conversation uuid, seq bigint) RETURNS uuid
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN history.uuid_of((substr(uuid_send(conversation), 1, 6) || substr(sha256((uuid_send(conversation) || int8send(seq))), 1, 10)));

ALTER FUNCTION history.element_id(conversation uuid, seq bigint) OWNER TO owner_plain;

CREATE FUNCTION history.element_of(id uuid, conversation_id uuid, user_id uuid, role text, content text, metadata jsonb, created_at timestamp with time zone) RETURNS jsonb
    LANGUAGE sql STABLE PARALLEL SAFE
    RETURN CASE WHEN (metadata ? 'legacy'::text) THEN ((((metadata -> 'legacy'::text) || CASE WHEN ((metadata -> 'legacy'::text) ? 'content'::text) THEN '{}'::jsonb ELSE jsonb_build_object('content', content) END) || CASE WHEN ((metadata -> 'legacy'::text) ? 'role'::text) THEN '{}'::jsonb ELSE jsonb_build_object('role', role) END) || CASE WHEN (((metadata -> 'legacy'::text) ? 'metadata'::text) OR ((metadata - 'legacy'::text) = '{}'::jsonb)) THEN '{}'::jsonb ELSE jsonb_build_object('metadata', (metadata - 'legacy'::text)) END) ELSE (jsonb_build_object('id', id, 'content', content, 'role', role, 'sessionId', conversation_id, 'userId', user_id, 'timestamp', to_char((created_at AT TIME ZONE 'UTC'::text), 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'::text)) || CASE WHEN (metadata = '{}'::jsonb) THEN '{}'::jsonb ELSE jsonb_build_object('metadata', metadata) END) END;

ALTER FUNCTION history.element_of(id uuid, conversation_id uuid, user_id uuid, role text, content text, metadata jsonb, created_at timestamp with time zone) OWNER TO owner_plain;

CREATE FUNCTION history.element_time(value jsonb) RETURNS timestamp with time zone
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    SET search_path TO ''
    AS $_$
declare
    words text;
    epoch numeric;
begin
    if value is null or jsonb_typeof(value) not in ('string', 'number') then
        return null;
    end if;
    words := value #>> '{}';
    if jsonb_typeof(value) = 'number' or words ~ '^\d{9,16}(\.\d{1,6})?$' then
        epoch := words::numeric;
        return case
            when epoch >= 946684800 and epoch < 4133980800 then to_timestamp(epoch::double precision)
            when epoch >= 946684800000 and epoch < 4133980800000 then to_timestamp((epoch / 1000)::double precision)
            when epoch >= 946684800000000 and epoch < 4133980800000000
                then to_timestamp((epoch / 1000000)::double precision)
        end;
    elsif words ~ '^(20\d\d|2100)-\d\d-\d\d([T ]\d\d:\d\d(:\d\d(\.\d{1,9})?)?( ?(Z|[+-]\d\d(:?\d\d)?))?)?$' then
        return case -- UTC where it names no zone
            when length(words) = 10 then words || 'T00:00Z'
            when words ~ ':\d\d(\.\d+)?$' and words !~ '[+-]\d\d:\d\d$' then words || 'Z'
            else words
        end::timestamptz;
    end if;
    return null;
exception when data_exception then
    return null; -- a 31st of February
end $_$;

ALTER FUNCTION history.element_time(value jsonb) OWNER TO owner_plain;

CREATE FUNCTION history.elements(messages jsonb, conversation uuid, otherwise timestamp with time zone, before bigint DEFAULT 0, seqs bigint[] DEFAULT NULL::bigint[]) RETURNS TABLE(seq bigint, id uuid, role text, content text, metadata jsonb, created_at timestamp with time zone, reason text, element jsonb)
    LANGUAGE sql STABLE PARALLEL SAFE
    BEGIN ATOMIC
 SELECT judged.seq,
     history.element_id(elements.conversation, judged.seq) AS element_id,
         CASE
             WHEN (judged.reason IS NULL) THEN judged.role
             ELSE NULL::text
         END AS "case",
         CASE
             WHEN (judged.reason IS NULL) THEN judged.content
             ELSE NULL::text
         END AS "case",
         CASE
             WHEN (judged.reason IS NULL) THEN (
             CASE
                 WHEN judged.lifted THEN (judged.value -> 'metadata'::text)
                 ELSE '{}'::jsonb
             END || jsonb_build_object('legacy', (judged.value - ARRAY[
             CASE
                 WHEN (jsonb_typeof((judged.value -> 'content'::text)) = 'string'::text) THEN 'content'::text
                 ELSE NULL::text
             END,
             CASE
                 WHEN ((judged.value ->> 'role'::text) = judged.role) THEN 'role'::text
                 ELSE NULL::text
             END,
             CASE
                 WHEN judged.lifted THEN 'metadata'::text
                 ELSE NULL::text
             END])))
             ELSE NULL::jsonb
         END AS "case",
         CASE
             WHEN ((judged.fields ->> 'timestamp'::text) ~ '^20\d\d-(0[1-9]|1[0-2])-([01][1-9]|10|2[0-8])T([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d{1,6})?Z$'::text) THEN ((judged.fields ->> 'timestamp'::text))::timestamp with time zone
             ELSE COALESCE(
             CASE
                 WHEN (judged.fields ? 'timestamp'::text) THEN history.element_time((judged.fields -> 'timestamp'::text))
                 ELSE NULL::timestamp with time zone
             END,
             CASE
                 WHEN (judged.fields ? 'created_at'::text) THEN history.element_time((judged.fields -> 'created_at'::text))
                 ELSE NULL::timestamp with time zone
             END,
             CASE
                 WHEN (judged.fields ? 'createdAt'::text) THEN history.element_time((judged.fields -> 'createdAt'::text))
                 ELSE NULL::timestamp with time zone
             END, elements.otherwise)
         END AS "coalesce",
     judged.reason,
         CASE
             WHEN (judged.reason IS NOT NULL) THEN judged.value
             ELSE NULL::jsonb
         END AS "case"
    FROM ( SELECT read.kind,
             read.seq,
             read.value,
             read.fields,
             read.role,
             read.content,
             COALESCE(((jsonb_typeof((read.fields -> 'metadata'::text)) = 'object'::text) AND ((read.fields -> 'metadata'::text) <> '{}'::jsonb) AND (NOT ((read.fields -> 'metadata'::text) ? 'legacy'::text))), false) AS lifted,
                 CASE
                     WHEN (read.kind <> 'array'::text) THEN 'not_an_array'::text
                     WHEN (read.fields IS NULL) THEN 'not_an_object'::text
                     WHEN (COALESCE((read.fields -> 'content'::text), 'null'::jsonb) = 'null'::jsonb) THEN 'content_missing'::text
                     WHEN (read.content IS NULL) THEN 'content_without_text'::text
                     WHEN (COALESCE((read.fields -> 'role'::text), 'null'::jsonb) = 'null'::jsonb) THEN 'role_missing'::text
                     WHEN (read.role IS NULL) THEN 'role_unknown'::text
                     ELSE NULL::text
                 END AS reason
            FROM ( SELECT whole.kind,
                         CASE
                             WHEN (whole.kind = 'array'::text) THEN COALESCE((elements.seqs)[each.ordinal], (elements.before + each.ordinal))
                             ELSE (0)::bigint
                         END AS seq,
                     each.value,
                         CASE
                             WHEN (jsonb_typeof(each.value) = 'object'::text) THEN each.value
                             ELSE NULL::jsonb
                         END AS fields,
                         CASE
                             WHEN (jsonb_typeof((each.value -> 'role'::text)) = 'string'::text) THEN
                             CASE lower((each.value ->> 'role'::text))
                                 WHEN 'user'::text THEN 'user'::text
                                 WHEN 'human'::text THEN 'user'::text
                                 WHEN 'assistant'::text THEN 'assistant'::text
                                 WHEN 'ai'::text THEN 'assistant'::text
                                 WHEN 'bot'::text THEN 'assistant'::text
                                 WHEN 'model'::text THEN 'assistant'::text
                                 WHEN 'system'::text THEN 'system'::text
                                 WHEN 'developer'::text THEN 'system'::text
                                 ELSE NULL::text
                             END
                             ELSE NULL::text
                         END AS role,
                         CASE jsonb_typeof((each.value -> 'content'::text))
                             WHEN 'string'::text THEN (each.value ->> 'content'::text)
                             WHEN 'number'::text THEN (each.value ->> 'content'::text)
                             WHEN 'boolean'::text THEN (each.value ->> 'content'::text)
                             WHEN 'object'::text THEN
                             CASE
                                 WHEN (jsonb_typeof(((each.value -> 'content'::text) -> 'text'::text)) = 'string'::text) THEN ((each.value -> 'content'::text) ->> 'text'::text)
                                 ELSE NULL::text
                             END
                             WHEN 'array'::text THEN ( SELECT string_agg(
                                     CASE jsonb_typeof(part.value)
WHEN 'string'::text THEN (part.value #>> '{}'::text[])
WHEN 'object'::text THEN
CASE
 WHEN (jsonb_typeof((part.value -> 'text'::text)) = 'string'::text) THEN (part.value ->> 'text'::text)
 ELSE NULL::text
END
ELSE NULL::text
                                     END, ''::text ORDER BY part.ordinal) AS string_agg
                                FROM jsonb_array_elements(
                                     CASE
WHEN (jsonb_typeof((each.value -> 'content'::text)) = 'array'::text) THEN (each.value -> 'content'::text)
ELSE '[]'::jsonb
                                     END) WITH ORDINALITY part(value, ordinal))
                             ELSE NULL::text
                         END AS content
                    FROM (( SELECT COALESCE(jsonb_typeof(elements.messages), 'null'::text) AS kind
                          OFFSET 0) whole
                      CROSS JOIN LATERAL jsonb_array_elements(
                         CASE whole.kind
                             WHEN 'array'::text THEN elements.messages
                             WHEN 'null'::text THEN '[]'::jsonb
                             ELSE jsonb_build_array(elements.messages)
                         END) WITH ORDINALITY each(value, ordinal))
                  OFFSET 0) read
          OFFSET 0) judged;
END;

ALTER FUNCTION history.elements(messages jsonb, conversation uuid, otherwise timestamp with time zone, before bigint, seqs bigint[]) OWNER TO owner_plain;

CREATE FUNCTION history.enter(next_phase text) RETURNS void
    LANGUAGE sql
    SET search_path TO ''
    AS $$ update history.state set phase = next_phase, changed_at = now() $$;

ALTER FUNCTION history.enter(next_phase text) OWNER TO owner_plain;

CREATE FUNCTION history.expand() RETURNS text
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
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

ALTER FUNCTION history.expand() OWNER TO owner_plain;

CREATE FUNCTION history.force() RETURNS void
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
begin
    if not (select relforcerowsecurity from pg_catalog.pg_class where oid = 'public.messages'::regclass) then
        alter table public.conversations force row level security;
        alter table public.messages force row level security;
    end if;
end $$;

ALTER FUNCTION history.force() OWNER TO owner_plain;

CREATE FUNCTION history.grant_access() RETURNS void
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
declare
    grantee text;
    helper regprocedure;
begin
    for helper in
        select p.oid from pg_catalog.pg_proc p
        join pg_catalog.pg_namespace n on n.oid = p.pronamespace
        where n.nspname = 'history' and p.prokind = 'f'
    loop
        execute format('revoke all on function %s from public', helper);
    end loop;
    foreach grantee in array array['authenticated', 'service_role', 'history_functions'] loop
        continue when not exists (select from pg_catalog.pg_roles where rolname = grantee);
        execute format('grant usage on schema history to %I', grantee);
        for helper in
            select p.oid from pg_catalog.pg_proc p
            join pg_catalog.pg_namespace n on n.oid = p.pronamespace
            where n.nspname = 'history'
                and p.proname in (
                    'user_id', 'claims', 'to_uuid', 'chosen_tenant', 'current_tenant', 'my_tenants', 'my_admin_tenants',
                    'merge_patch', 'derived_id', 'uuid_of', 'owns_conversation', 'elements', 'element_id',
                    'element_time', 'pending_messages', 'pending_count', 'converted_to')
        loop
            execute format('grant execute on function %s to %I', helper, grantee);
        end loop;
    end loop;
end $$;

ALTER FUNCTION history.grant_access() OWNER TO owner_plain;

CREATE FUNCTION history.is_large(conversation uuid, stored bigint, max_bytes bigint, max_slice bigint) RETURNS boolean
    LANGUAGE plpgsql STABLE
    SET search_path TO 'history_maintenance'
    AS $$
begin
    return stored > 65536 and (
        exists (select from history.progress p where p.conversation_id = conversation)
        or (select jsonb_typeof(c.messages) = 'array'
                and (jsonb_array_length(c.messages) > max_slice or pg_column_size(c.messages #> '{}') > max_bytes)
            from public.conversations c where c.id = conversation));
end $$;

ALTER FUNCTION history.is_large(conversation uuid, stored bigint, max_bytes bigint, max_slice bigint) OWNER TO owner_plain;

CREATE FUNCTION history.join_realtime() RETURNS text
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
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

ALTER FUNCTION history.join_realtime() OWNER TO owner_plain;

CREATE FUNCTION history.merge_patch(target jsonb, patch jsonb) RETURNS jsonb
    LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
    SET search_path TO ''
    AS $$
begin
    if jsonb_typeof(patch) <> 'object' then
        return patch;
    end if;
    if target is null or jsonb_typeof(target) <> 'object' then
        target := '{}';
    end if;
    return (
        select coalesce(jsonb_object_agg(merged.key, merged.value), '{}')
        from (
            select t.key, t.value from jsonb_each(target) t where not patch ? t.key
            union all
            select p.key, history.merge_patch(target -> p.key, p.value)
            from jsonb_each(patch) p where p.value <> 'null'
        ) merged);
end $$;

ALTER FUNCTION history.merge_patch(target jsonb, patch jsonb) OWNER TO owner_plain;

CREATE FUNCTION history.message_added() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'history_maintenance'
    AS $$
begin
    update public.conversations c
    set last_seq = greatest(c.last_seq, new.seq),
        message_count = c.message_count + 1,
        updated_at = greatest(clock_timestamp(), c.updated_at + interval '1 microsecond')
    where c.tenant_id = new.tenant_id and c.id = new.conversation_id;
    if tg_argv[0] = 'mirror' then
        update public.conversations c
        set messages = case
            when jsonb_typeof(c.messages) = 'array' then c.messages
            when c.messages is null or c.messages = 'null' then '[]'
            else jsonb_build_array(c.messages)
        end || history.element_of(
            new.id, new.conversation_id, new.user_id, new.role, new.content, new.metadata, new.created_at)
        where c.tenant_id = new.tenant_id and c.id = new.conversation_id;
    end if;
    return null;
end $$;

ALTER FUNCTION history.message_added() OWNER TO owner_plain;

CREATE FUNCTION history.message_inserted() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'history_maintenance'
    AS $$
declare
    conversation record;
begin
    select c.id, c.last_seq into conversation
    from public.conversations c
    where c.tenant_id = new.tenant_id and c.id = new.conversation_id
    for no key update;
    if not found then
        new.seq := 0; -- the policy or the foreign key refuses it, without telling which
        return new;
    end if;
    if conversation.last_seq is null then
        perform history.convert(array[new.conversation_id]);
        select c.id, c.last_seq into conversation from public.conversations c where c.id = new.conversation_id;
    end if;
    -- Rows of the same statement are not counted in last_seq yet.
    new.seq := 1 + greatest(conversation.last_seq, (
        select max(m.seq) from public.messages m
        where m.tenant_id = new.tenant_id and m.conversation_id = new.conversation_id));
    if new.metadata ? 'legacy' then -- the word that marks what came from an array
        new.metadata := (new.metadata - 'legacy') || jsonb_build_object('legacy_', new.metadata -> 'legacy');
    end if;
    return new;
end $$;

ALTER FUNCTION history.message_inserted() OWNER TO owner_plain;

CREATE FUNCTION history.message_updated() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'history_maintenance'
    AS $$
declare
    legacy jsonb := old.metadata -> 'legacy';
begin
    new.id := old.id;
    new.seq := old.seq;
    new.metadata := coalesce(new.metadata, '{}');
    if legacy is null then
        if new.metadata ? 'legacy' then
            new.metadata := (new.metadata - 'legacy') || jsonb_build_object('legacy_', new.metadata -> 'legacy');
        end if;
        return new;
    end if;
    legacy := legacy - array[
        case when new.content is distinct from old.content then 'content' end,
        case when new.role is distinct from old.role then 'role' end,
        case when new.metadata - 'legacy' is distinct from old.metadata - 'legacy' then 'metadata' end];
    new.metadata := new.metadata || jsonb_build_object('legacy', legacy);
    return new;
end $$;

ALTER FUNCTION history.message_updated() OWNER TO owner_plain;

CREATE FUNCTION history.messages_changed() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'history_maintenance'
    AS $$
declare
    conversation record;
begin
    for conversation in select distinct b.tenant_id, b.conversation_id as id from before b loop
        if tg_argv[0] = 'mirror' then
            perform from public.conversations c where c.id = conversation.id for no key update;
            perform history.convert(array[conversation.id]);
            update public.conversations c
            set messages = coalesce(history.rebuilt(c.id), '[]')
            where c.tenant_id = conversation.tenant_id and c.id = conversation.id;
        end if;
        update public.conversations c
        set message_count = case when tg_op = 'DELETE' then (
                select count(*) from public.messages m where m.tenant_id = c.tenant_id and m.conversation_id = c.id)
            else c.message_count end,
            updated_at = greatest(clock_timestamp(), c.updated_at + interval '1 microsecond')
        where c.tenant_id = conversation.tenant_id and c.id = conversation.id;
    end loop;
    return null;
end $$;

ALTER FUNCTION history.messages_changed() OWNER TO owner_plain;

CREATE FUNCTION history.my_admin_tenants() RETURNS SETOF uuid
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path TO ''
    AS $$
declare
    caller uuid := history.user_id();
    chosen text := history.chosen_tenant();
begin
    return query select u.tenant_id from public.tenant_users u
        where u.user_id = caller and u.role = 'admin' and (chosen is null or u.tenant_id = history.to_uuid(chosen));
end $$;

ALTER FUNCTION history.my_admin_tenants() OWNER TO owner_plain;

CREATE FUNCTION history.my_tenants() RETURNS SETOF uuid
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path TO ''
    AS $$
declare
    caller uuid := history.user_id();
    chosen text := history.chosen_tenant();
begin
    return query select u.tenant_id from public.tenant_users u
        where u.user_id = caller and (chosen is null or u.tenant_id = history.to_uuid(chosen));
end $$;

ALTER FUNCTION history.my_tenants() OWNER TO owner_plain;

CREATE FUNCTION history.original_of(relation regclass) RETURNS jsonb
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
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

ALTER FUNCTION history.original_of(relation regclass) OWNER TO owner_plain;

CREATE FUNCTION history.orphans() RETURNS bigint
    LANGUAGE plpgsql STABLE
    SET search_path TO 'history_maintenance'
    AS $$
begin
    return (
        select count(*) from public.messages m
        where not exists (
            select from public.conversations c where c.tenant_id = m.tenant_id and c.id = m.conversation_id));
end $$;

ALTER FUNCTION history.orphans() OWNER TO owner_plain;

CREATE FUNCTION history.owns_conversation(tenant uuid, conversation uuid) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'history_maintenance'
    AS $$
begin
    return exists (
        select from public.conversations c
        where c.tenant_id = tenant and c.id = conversation and c.user_id = history.user_id());
end $$;

ALTER FUNCTION history.owns_conversation(tenant uuid, conversation uuid) OWNER TO owner_plain;

CREATE FUNCTION history.protect(relation regclass, own text, writable text) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $_$
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
end $_$;

ALTER FUNCTION history.protect(relation regclass, own text, writable text) OWNER TO owner_plain;

CREATE FUNCTION history.put(tenant uuid, conversation uuid, owner uuid, otherwise timestamp with time zone, elements jsonb, before bigint, seqs bigint[]) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'history_maintenance'
    AS $$
begin
    with element as materialized (
        select * from history.elements(elements, conversation, otherwise, before, seqs)
    ), no_longer as (
        delete from public.messages m using element e
        where e.reason is not null and m.tenant_id = tenant and m.conversation_id = conversation and m.seq = e.seq
    ), freed as (
        delete from history.quarantine q using element e
        where e.reason is null and q.tenant_id = tenant and q.conversation_id = conversation and q."position" = e.seq
    ), kept as (
        insert into history.quarantine as q (tenant_id, conversation_id, "position", reason, element)
        select tenant, conversation, e.seq, e.reason, e.element from element e where e.reason is not null
        on conflict (tenant_id, conversation_id, "position")
            do update set reason = excluded.reason, element = excluded.element
    )
    insert into public.messages as m (id, tenant_id, conversation_id, user_id, seq, role, content, metadata, created_at)
    select e.id, tenant, conversation, owner, e.seq, e.role, e.content, e.metadata, e.created_at
    from element e where e.reason is null
    on conflict (tenant_id, conversation_id, seq)
        do update set role = excluded.role, content = excluded.content, metadata = excluded.metadata,
            created_at = excluded.created_at;
end $$;

ALTER FUNCTION history.put(tenant uuid, conversation uuid, owner uuid, otherwise timestamp with time zone, elements jsonb, before bigint, seqs bigint[]) OWNER TO owner_plain;

CREATE FUNCTION history.rebuilt(conversation uuid) RETURNS jsonb
    LANGUAGE plpgsql STABLE
    SET search_path TO 'history_maintenance'
    AS $$
begin
    return (
        select case
            when count(*) = 1 and bool_and(every.whole) then jsonb_agg(every.element) -> 0
            else jsonb_agg(every.element order by every.seq)
        end
        from (
            select m.seq, false as whole,
                history.element_of(m.id, m.conversation_id, m.user_id, m.role, m.content, m.metadata, m.created_at) as element
            from public.conversations c
            join public.messages m on m.tenant_id = c.tenant_id and m.conversation_id = c.id
            where c.id = conversation
            union all
            select q."position", q.reason = 'not_an_array', q.element
            from public.conversations c
            join history.quarantine q on q.tenant_id = c.tenant_id and q.conversation_id = c.id
            where c.id = conversation
        ) every);
end $$;

ALTER FUNCTION history.rebuilt(conversation uuid) OWNER TO owner_plain;

CREATE FUNCTION history.release_quarantine() RETURNS bigint
    LANGUAGE plpgsql
    SET search_path TO 'history_maintenance'
    AS $$
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

ALTER FUNCTION history.release_quarantine() OWNER TO owner_plain;

CREATE FUNCTION history.remove(tenant uuid, conversation uuid, seqs bigint[]) RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'history_maintenance'
    AS $$
begin
    delete from public.messages m
    where m.tenant_id = tenant and m.conversation_id = conversation and m.seq = any (seqs);
    delete from history.quarantine q
    where q.tenant_id = tenant and q.conversation_id = conversation and q."position" = any (seqs);
end $$;

ALTER FUNCTION history.remove(tenant uuid, conversation uuid, seqs bigint[]) OWNER TO owner_plain;

CREATE FUNCTION history.repair_membership_policies() RETURNS text
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
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

ALTER FUNCTION history.repair_membership_policies() OWNER TO owner_plain;

CREATE FUNCTION history.roll_back() RETURNS text
    LANGUAGE plpgsql
    SET search_path TO 'history_maintenance'
    AS $$
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

ALTER FUNCTION history.roll_back() OWNER TO owner_plain;

CREATE FUNCTION history.set_not_null() RETURNS void
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
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

ALTER FUNCTION history.set_not_null() OWNER TO owner_plain;

CREATE FUNCTION history.slice(messages jsonb, first bigint, last bigint) RETURNS jsonb
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN jsonb_path_query_array(messages, '$[$"a" to $"b"]'::jsonpath, jsonb_build_object('a', (first - 1), 'b', (last - 1)));

ALTER FUNCTION history.slice(messages jsonb, first bigint, last bigint) OWNER TO owner_plain;

CREATE FUNCTION history.to_uuid(value text) RETURNS uuid
    LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
    SET search_path TO ''
    AS $$
begin
    return value::uuid;
exception when data_exception then
    return null;
end $$;

ALTER FUNCTION history.to_uuid(value text) OWNER TO owner_plain;

CREATE FUNCTION history.user_id() RETURNS uuid
    LANGUAGE plpgsql STABLE
    SET search_path TO ''
    AS $$
begin
    return history.to_uuid(history.claims() ->> 'sub');
end $$;

ALTER FUNCTION history.user_id() OWNER TO owner_plain;

CREATE FUNCTION history.validate() RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'history_maintenance'
    AS $$
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

ALTER FUNCTION history.validate() OWNER TO owner_plain;

CREATE FUNCTION history.verify_batch(after uuid, max_conversations integer, max_bytes bigint, OUT checked bigint, OUT reached uuid, OUT differing uuid[]) RETURNS record
    LANGUAGE plpgsql
    SET search_path TO 'history_maintenance'
    AS $$
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

ALTER FUNCTION history.verify_batch(after uuid, max_conversations integer, max_bytes bigint, OUT checked bigint, OUT reached uuid, OUT differing uuid[]) OWNER TO owner_plain;

CREATE FUNCTION public.handle_updated_at() RETURNS trigger
    LANGUAGE plpgsql
    AS $$ begin new.updated_at = now(); return new; end $$;

ALTER FUNCTION public.handle_updated_at() OWNER TO owner_plain;

SET default_tablespace = '';

SET default_table_access_method = heap;

CREATE TABLE auth.users (
    id uuid NOT NULL,
    email text
);

ALTER TABLE auth.users OWNER TO postgres;

CREATE TABLE history.lease (
    only_row boolean DEFAULT true NOT NULL,
    holder text NOT NULL,
    action text NOT NULL,
    backend integer NOT NULL,
    since timestamp with time zone DEFAULT now() NOT NULL,
    heartbeat timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT lease_only_row_check CHECK (only_row)
);

ALTER TABLE history.lease OWNER TO owner_plain;

CREATE TABLE history.progress (
    conversation_id uuid NOT NULL,
    converted bigint NOT NULL
);

ALTER TABLE ONLY history.progress FORCE ROW LEVEL SECURITY;

ALTER TABLE history.progress OWNER TO owner_plain;

CREATE TABLE history.quarantine (
    tenant_id uuid NOT NULL,
    conversation_id uuid NOT NULL,
    "position" bigint NOT NULL,
    reason text NOT NULL,
    element jsonb NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL
);

ALTER TABLE ONLY history.quarantine FORCE ROW LEVEL SECURITY;

ALTER TABLE history.quarantine OWNER TO owner_plain;

CREATE TABLE history.remembered (
    conversation_id uuid NOT NULL,
    was jsonb NOT NULL,
    became jsonb NOT NULL
);

ALTER TABLE ONLY history.remembered FORCE ROW LEVEL SECURITY;

ALTER TABLE history.remembered OWNER TO owner_plain;

CREATE TABLE history.schema_history (
    installed_rank integer NOT NULL,
    version character varying(50),
    description character varying(200) NOT NULL,
    type character varying(20) NOT NULL,
    script character varying(1000) NOT NULL,
    checksum integer,
    installed_by character varying(100) NOT NULL,
    installed_on timestamp without time zone DEFAULT now() NOT NULL,
    execution_time integer NOT NULL,
    success boolean NOT NULL
);

ALTER TABLE history.schema_history OWNER TO owner_plain;

CREATE TABLE history.state (
    only_row boolean DEFAULT true NOT NULL,
    phase text DEFAULT 'prepared'::text NOT NULL,
    fresh boolean DEFAULT false NOT NULL,
    backfilled_to uuid DEFAULT '00000000-0000-0000-0000-000000000000'::uuid NOT NULL,
    original jsonb DEFAULT '{}'::jsonb NOT NULL,
    changed_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT state_only_row_check CHECK (only_row),
    CONSTRAINT state_phase_check CHECK ((phase = ANY (ARRAY['prepared'::text, 'expanded'::text, 'backfilled'::text, 'migrated'::text, 'complete'::text])))
);

ALTER TABLE history.state OWNER TO owner_plain;

CREATE TABLE public.chat_sessions (
    id uuid DEFAULT public.uuid_generate_v4() NOT NULL,
    tenant_id uuid NOT NULL,
    user_id uuid NOT NULL,
    title character varying(255),
    messages jsonb DEFAULT '[]'::jsonb,
    metadata jsonb DEFAULT '{}'::jsonb,
    created_at timestamp with time zone DEFAULT now(),
    updated_at timestamp with time zone DEFAULT now()
);

ALTER TABLE public.chat_sessions OWNER TO owner_plain;

CREATE TABLE public.knowledge_base (
    id uuid DEFAULT public.uuid_generate_v4() NOT NULL,
    title text
);

ALTER TABLE public.knowledge_base OWNER TO postgres;

CREATE TABLE public.tenant_users (
    id uuid DEFAULT public.uuid_generate_v4() NOT NULL,
    tenant_id uuid,
    user_id uuid,
    role character varying(50) DEFAULT 'user'::character varying,
    permissions jsonb DEFAULT '{}'::jsonb,
    created_at timestamp with time zone DEFAULT now(),
    updated_at timestamp with time zone DEFAULT now(),
    CONSTRAINT tenant_users_role_check CHECK (((role)::text = ANY ((ARRAY['admin'::character varying, 'user'::character varying, 'viewer'::character varying])::text[])))
);

ALTER TABLE public.tenant_users OWNER TO owner_plain;

CREATE TABLE public.tenants (
    id uuid DEFAULT public.uuid_generate_v4() NOT NULL,
    name character varying(255) NOT NULL,
    subdomain character varying(100) NOT NULL,
    settings jsonb DEFAULT '{}'::jsonb,
    subscription_tier character varying(50) DEFAULT 'basic'::character varying,
    status character varying(20) DEFAULT 'active'::character varying,
    created_at timestamp with time zone DEFAULT now(),
    updated_at timestamp with time zone DEFAULT now(),
    CONSTRAINT tenants_status_check CHECK (((status)::text = ANY ((ARRAY['active'::character varying, 'inactive'::character varying, 'suspended'::character varying])::text[])))
);

ALTER TABLE public.tenants OWNER TO owner_plain;

INSERT INTO auth.users VALUES
	('a0000000-0000-4000-8000-000000000001', 'ada@example.com'),
	('b0000000-0000-4000-8000-000000000002', 'bob@example.com');

INSERT INTO history.schema_history VALUES
	(0, NULL, '<< Flyway Schema Creation >>', 'SCHEMA', '"history"', NULL, 'owner_plain', '2026-11-25 12:54:41.547622', 0, true),
	(1, NULL, '002_conversation_history_access', 'JDBC', 'history.migration.SqlFile', -602233467, 'owner_plain', '2026-11-25 12:54:41.608158', 40, true),
	(2, NULL, '003_conversation_history_elements', 'JDBC', 'history.migration.SqlFile', -1287664512, 'owner_plain', '2026-11-25 12:54:41.669471', 48, true),
	(3, NULL, '004_conversation_history_mirrors', 'JDBC', 'history.migration.SqlFile', 450074267, 'owner_plain', '2026-11-25 12:54:41.729164', 19, true),
	(4, NULL, '005_conversation_history_steps', 'JDBC', 'history.migration.SqlFile', -1652199420, 'owner_plain', '2026-11-25 12:54:41.762696', 32, true);

INSERT INTO history.state VALUES
	(true, 'prepared', false, '00000000-0000-0000-0000-000000000000', '{}', '2026-11-25 12:54:41.608158+00');

INSERT INTO public.chat_sessions VALUES
	('c0000000-0000-4000-8000-000000000001', '10000000-0000-4000-8000-00000000000a', 'a0000000-0000-4000-8000-000000000001', 'sql null', NULL, '{"pinned": true}', '2023-05-01 10:00:00+00', '2023-06-01 12:34:56.789+00'),
	('c0000000-0000-4000-8000-000000000002', '10000000-0000-4000-8000-00000000000a', 'a0000000-0000-4000-8000-000000000001', 'json null', 'null', '{"pinned": true}', '2023-05-01 10:00:00+00', '2023-06-01 12:34:56.789+00'),
	('c0000000-0000-4000-8000-000000000003', '10000000-0000-4000-8000-00000000000a', 'a0000000-0000-4000-8000-000000000001', 'empty', '[]', '{"pinned": true}', '2023-05-01 10:00:00+00', '2023-06-01 12:34:56.789+00'),
	('c0000000-0000-4000-8000-000000000004', '10000000-0000-4000-8000-00000000000a', 'a0000000-0000-4000-8000-000000000001', 'as the application writes it', '[{"id": "m1", "role": "user", "userId": "u", "content": "Hello", "sessionId": "s", "timestamp": "2024-01-15T10:00:00.123Z"}, {"id": "m2", "role": "assistant", "content": "Hi!", "metadata": {"model": "x"}, "sessionId": "s", "timestamp": "2024-01-15T10:00:01Z"}]', '{"pinned": true}', '2023-05-01 10:00:00+00', '2023-06-01 12:34:56.789+00'),
	('c0000000-0000-4000-8000-000000000005', '10000000-0000-4000-8000-00000000000a', 'a0000000-0000-4000-8000-000000000001', 'roles', '[{"role": "User", "content": "1"}, {"role": "human", "content": "2"}, {"role": "ai", "content": "3"}, {"role": "bot", "content": "4"}, {"role": "MODEL", "content": "5"}, {"role": "developer", "content": "6"}, {"role": "system", "content": "7"}]', '{"pinned": true}', '2023-05-01 10:00:00+00', '2023-06-01 12:34:56.789+00'),
	('c0000000-0000-4000-8000-000000000006', '10000000-0000-4000-8000-00000000000a', 'a0000000-0000-4000-8000-000000000001', 'parts', '[{"role": "user", "content": [{"text": "Hel", "type": "text"}, {"url": "u", "type": "image"}, {"text": "lo", "type": "text"}]}, {"role": "user", "content": {"x": 1, "text": "T"}}, {"role": "user", "content": 42.50}, {"role": "user", "content": true}]', '{"pinned": true}', '2023-05-01 10:00:00+00', '2023-06-01 12:34:56.789+00'),
	('c0000000-0000-4000-8000-000000000007', '10000000-0000-4000-8000-00000000000a', 'a0000000-0000-4000-8000-000000000001', 'bad elements', '[{"role": "user"}, {"role": "user", "content": null}, {"content": "no role"}, {"role": "tool", "content": "t"}, {"role": "function", "content": "f"}, {"role": null, "content": "x"}, {"role": 7, "content": "x"}, "text", 17, null, [1], {"role": "user", "content": [{"type": "image"}]}, {"role": "user", "content": "good"}]', '{"pinned": true}', '2023-05-01 10:00:00+00', '2023-06-01 12:34:56.789+00'),
	('c0000000-0000-4000-8000-000000000008', '10000000-0000-4000-8000-00000000000a', 'a0000000-0000-4000-8000-000000000001', 'object', '{"role": "user", "content": "x"}', '{"pinned": true}', '2023-05-01 10:00:00+00', '2023-06-01 12:34:56.789+00'),
	('c0000000-0000-4000-8000-000000000009', '10000000-0000-4000-8000-00000000000a', 'a0000000-0000-4000-8000-000000000001', 'scalar', '17', '{"pinned": true}', '2023-05-01 10:00:00+00', '2023-06-01 12:34:56.789+00'),
	('c0000000-0000-4000-8000-000000000010', '10000000-0000-4000-8000-00000000000a', 'a0000000-0000-4000-8000-000000000001', 'doubly encoded', '"[{\"role\":\"user\",\"content\":\"x\"}]"', '{"pinned": true}', '2023-05-01 10:00:00+00', '2023-06-01 12:34:56.789+00'),
	('c0000000-0000-4000-8000-000000000011', '10000000-0000-4000-8000-00000000000a', 'a0000000-0000-4000-8000-000000000001', NULL, '[{"role": "user", "content": "no title"}]', '{"pinned": true}', '2023-05-01 10:00:00+00', '2023-06-01 12:34:56.789+00'),
	('c0000000-0000-4000-8000-000000000012', '10000000-0000-4000-8000-00000000000a', 'a0000000-0000-4000-8000-000000000001', '   ', '[{"role": "user", "content": "blank title"}]', '{"pinned": true}', '2023-05-01 10:00:00+00', '2023-06-01 12:34:56.789+00'),
	('c0000000-0000-4000-8000-000000000013', '10000000-0000-4000-8000-00000000000a', 'a0000000-0000-4000-8000-000000000001', 'words for times', '[{"role": "user", "content": "a", "timestamp": "now"}, {"role": "user", "content": "b", "timestamp": "infinity"}, {"role": "user", "content": "c", "timestamp": "epoch"}, {"role": "user", "content": "d", "timestamp": "yesterday"}, {"role": "user", "content": "e", "timestamp": "2024-02-31T00:00:00Z"}, {"role": "user", "content": "f", "timestamp": "1999-12-31"}, {"role": "user", "content": "g", "timestamp": "2101-01-01"}, {"role": "user", "content": "h", "timestamp": {}}, {"role": "user", "content": "i", "timestamp": 1000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000}, {"role": "user", "content": "j", "timestamp": -5}]', '{"pinned": true}', '2023-05-01 10:00:00+00', '2023-06-01 12:34:56.789+00'),
	('c0000000-0000-4000-8000-000000000014', '10000000-0000-4000-8000-00000000000a', 'a0000000-0000-4000-8000-000000000001', 'times', '[{"role": "user", "content": "a", "timestamp": 1705312800}, {"role": "user", "content": "b", "timestamp": 1705312800000}, {"role": "user", "content": "c", "timestamp": 1705312800000000}, {"role": "user", "content": "d", "created_at": "2024-01-15T10:00:00Z"}, {"role": "user", "content": "e", "createdAt": "2024-01-15 12:00:00+02"}, {"role": "user", "content": "f", "timestamp": "1705312800000"}]', '{"pinned": true}', '2023-05-01 10:00:00+00', '2023-06-01 12:34:56.789+00'),
	('c0000000-0000-4000-8000-000000000015', '10000000-0000-4000-8000-00000000000a', 'a0000000-0000-4000-8000-000000000001', 'equal and descending', '[{"id": "d", "role": "user", "content": "1", "timestamp": "2024-01-15T10:00:02Z"}, {"id": "d", "role": "user", "content": "2", "timestamp": "2024-01-15T10:00:01Z"}, {"id": "d", "role": "user", "content": "3", "timestamp": "2024-01-15T10:00:01Z"}]', '{"pinned": true}', '2023-05-01 10:00:00+00', '2023-06-01 12:34:56.789+00'),
	('c0000000-0000-4000-8000-000000000016', '10000000-0000-4000-8000-00000000000a', 'a0000000-0000-4000-8000-000000000001', 'emoji and rtl', '[{"role": "user", "😀": {"a": []}, "content": "👩‍👩‍👧 שלום مرحبا"}, {"role": "user", "content": ""}]', '{"pinned": true}', '2023-05-01 10:00:00+00', '2023-06-01 12:34:56.789+00'),
	('c0000000-0000-4000-8000-000000000017', '10000000-0000-4000-8000-00000000000a', 'a0000000-0000-4000-8000-000000000001', 'metadata', '[{"role": "user", "content": "a", "metadata": {}}, {"role": "user", "content": "b", "metadata": "text"}, {"role": "user", "content": "c", "metadata": null}, {"role": "user", "content": "d", "metadata": {"k": 2, "legacy": 1}}, {"role": "user", "content": "e", "metadata": {"k": [1, {"l": null}]}}, {"role": "user", "legacy": {"x": 1}, "content": "f"}]', '{"pinned": true}', '2023-05-01 10:00:00+00', '2023-06-01 12:34:56.789+00'),
	('d0000000-0000-4000-8000-000000000001', '10000000-0000-4000-8000-00000000000a', 'a0000000-0000-4000-8000-000000000001', 'ten thousand', '[{"id": "m1", "role": "user", "content": "Message 1"}, {"id": "m2", "role": "user", "content": "Message 2"}, {"id": "m3", "role": "user", "content": "Message 3"}, {"id": "m4", "role": "user", "content": "Message 4"}, {"id": "m5", "role": "user", "content": "Message 5"}, {"id": "m6", "role": "user", "content": "Message 6"}, {"id": "m7", "role": "user", "content": "Message 7"}, {"id": "m8", "role": "user", "content": "Message 8"}, {"id": "m9", "role": "user", "content": "Message 9"}, {"id": "m10", "role": "user", "content": "Message 10"}, {"id": "m11", "role": "user", "content": "Message 11"}, {"id": "m12", "role": "user", "content": "Message 12"}, {"id": "m13", "role": "user", "content": "Message 13"}, {"id": "m14", "role": "user", "content": "Message 14"}, {"id": "m15", "role": "user", "content": "Message 15"}, {"id": "m16", "role": "user", "content": "Message 16"}, {"id": "m17", "role": "user", "content": "Message 17"}, {"id": "m18", "role": "user", "content": "Message 18"}, {"id": "m19", "role": "user", "content": "Message 19"}, {"id": "m20", "role": "user", "content": "Message 20"}]', NULL, NULL, NULL),
	('d0000000-0000-4000-8000-000000000002', '10000000-0000-4000-8000-00000000000b', 'b0000000-0000-4000-8000-000000000002', 'Bob', '[{"role": "user", "content": "I am Bob"}]', '{}', NULL, '2023-01-01 00:00:00+00'),
	('214561b7-fcbd-89b9-b204-8dbe18cab319', '10000000-0000-4000-8000-00000000000a', 'a0000000-0000-4000-8000-000000000001', 'Plans', '[]', '{}', '2026-11-25 12:54:43.045296+00', '2026-11-25 12:54:43.045296+00'),
	('9fd771ee-af13-8eb0-8e13-6782104404c7', '10000000-0000-4000-8000-00000000000a', 'a0000000-0000-4000-8000-000000000001', 'Hello, my name is Ada', '[{"id": "95b2ed9a-ea03-8619-baac-c9b6c5311425", "role": "user", "userId": "a0000000-0000-4000-8000-000000000001", "content": "Hello, my name is Ada", "metadata": {"requests": {"hello-1": "77ce3630bf543d612f52f20c8c224d23047c900567df70e851c3704b249b2aaa"}}, "sessionId": "9fd771ee-af13-8eb0-8e13-6782104404c7", "timestamp": "2026-11-25T12:54:43.382Z"}, {"id": "3c814d57-a79f-8c3f-bd58-dd2b6745de86", "role": "assistant", "userId": "a0000000-0000-4000-8000-000000000001", "content": "You said: Hello, my name is Ada\nThis is the first message I can see.", "metadata": {"model": "echo", "usage": {"input_tokens": 5, "output_tokens": 15}, "status": "completed", "reply_to": "95b2ed9a-ea03-8619-baac-c9b6c5311425", "attempt_id": "6b6f3051-1436-4bfd-9b82-489e3807d031", "completed_at": "2026-11-25T12:54:43.461331Z", "finish_reason": "stop"}, "sessionId": "9fd771ee-af13-8eb0-8e13-6782104404c7", "timestamp": "2026-11-25T12:54:43.465Z"}]', '{}', '2026-11-25 12:54:43.335832+00', '2026-11-25 12:54:43.462446+00'),
	('4402e6be-b8f7-81f2-a877-7dfa996cf899', '10000000-0000-4000-8000-00000000000b', 'b0000000-0000-4000-8000-000000000002', 'I am Bob', '[{"id": "0de15bbd-6a95-89a5-b623-0c0757612144", "role": "user", "userId": "b0000000-0000-4000-8000-000000000002", "content": "I am Bob", "metadata": {"requests": {"hello-1": "ed03ea03cdfc9caa002d3220f3127ab8d3d985558e46f83ee76b18ccf88cf52d"}}, "sessionId": "4402e6be-b8f7-81f2-a877-7dfa996cf899", "timestamp": "2026-11-25T12:54:43.488Z"}, {"id": "6eac3b01-009a-8b90-868b-bff567cbcaa3", "role": "assistant", "userId": "b0000000-0000-4000-8000-000000000002", "content": "You said: I am Bob\nThis is the first message I can see.", "metadata": {"model": "echo", "usage": {"input_tokens": 3, "output_tokens": 13}, "status": "completed", "reply_to": "0de15bbd-6a95-89a5-b623-0c0757612144", "attempt_id": "2f085401-e320-4e48-978c-ef3984f20d93", "completed_at": "2026-11-25T12:54:43.495286Z", "finish_reason": "stop"}, "sessionId": "4402e6be-b8f7-81f2-a877-7dfa996cf899", "timestamp": "2026-11-25T12:54:43.503Z"}]', '{}', '2026-11-25 12:54:43.476454+00', '2026-11-25 12:54:43.500508+00'),
	('f868db76-88e1-8d38-a8a9-33a37f4f1803', '10000000-0000-4000-8000-00000000000a', 'a0000000-0000-4000-8000-000000000001', 'What is a dump?', '[{"id": "a1af75f5-a617-8658-aa03-a50bd360f220", "role": "user", "userId": "a0000000-0000-4000-8000-000000000001", "content": "What is a dump?", "metadata": {"client_id": "m1"}, "sessionId": "f868db76-88e1-8d38-a8a9-33a37f4f1803", "timestamp": "2026-11-25T12:54:43.562Z"}, {"id": "d10f5e8d-0378-835e-bf5c-e44c42c979ca", "role": "assistant", "userId": "a0000000-0000-4000-8000-000000000001", "content": "You said: What is a dump?\nThis is the first message I can see.", "metadata": {"model": "echo", "usage": {"input_tokens": 4, "output_tokens": 14}, "status": "completed", "reply_to": "a1af75f5-a617-8658-aa03-a50bd360f220", "attempt_id": "275cb5c9-344b-4232-a39c-c922f01e9485", "completed_at": "2026-11-25T12:54:43.579826Z", "finish_reason": "stop"}, "sessionId": "f868db76-88e1-8d38-a8a9-33a37f4f1803", "timestamp": "2026-11-25T12:54:43.587Z"}]', '{}', '2026-11-25 12:54:43.54574+00', '2026-11-25 12:54:43.5852+00');

INSERT INTO public.tenant_users VALUES
	('d6be091e-0afc-489f-8c8f-c2e0d8401cdb', '10000000-0000-4000-8000-00000000000a', 'a0000000-0000-4000-8000-000000000001', 'admin', '{}', '2026-11-25 12:54:40.747479+00', '2026-11-25 12:54:40.747479+00'),
	('fe132df4-b9eb-4b08-8d93-ab992e7f6770', '10000000-0000-4000-8000-00000000000b', 'b0000000-0000-4000-8000-000000000002', 'user', '{}', '2026-11-25 12:54:40.747479+00', '2026-11-25 12:54:40.747479+00');

INSERT INTO public.tenants VALUES
	('10000000-0000-4000-8000-00000000000a', 'Analytical', 'analytical', '{}', 'basic', 'active', '2026-11-25 12:54:40.747479+00', '2026-11-25 12:54:40.747479+00'),
	('10000000-0000-4000-8000-00000000000b', 'Boole', 'boole', '{}', 'basic', 'active', '2026-11-25 12:54:40.747479+00', '2026-11-25 12:54:40.747479+00');

ALTER TABLE ONLY auth.users
    ADD CONSTRAINT users_email_key UNIQUE (email);

ALTER TABLE ONLY auth.users
    ADD CONSTRAINT users_pkey PRIMARY KEY (id);

ALTER TABLE ONLY history.lease
    ADD CONSTRAINT lease_pkey PRIMARY KEY (only_row);

ALTER TABLE ONLY history.progress
    ADD CONSTRAINT progress_pkey PRIMARY KEY (conversation_id);

ALTER TABLE ONLY history.quarantine
    ADD CONSTRAINT quarantine_pkey PRIMARY KEY (tenant_id, conversation_id, "position");

ALTER TABLE ONLY history.remembered
    ADD CONSTRAINT remembered_pkey PRIMARY KEY (conversation_id);

ALTER TABLE ONLY history.schema_history
    ADD CONSTRAINT schema_history_pk PRIMARY KEY (installed_rank);

ALTER TABLE ONLY history.state
    ADD CONSTRAINT state_pkey PRIMARY KEY (only_row);

ALTER TABLE ONLY public.chat_sessions
    ADD CONSTRAINT chat_sessions_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.knowledge_base
    ADD CONSTRAINT knowledge_base_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.tenant_users
    ADD CONSTRAINT tenant_users_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.tenant_users
    ADD CONSTRAINT tenant_users_tenant_id_user_id_key UNIQUE (tenant_id, user_id);

ALTER TABLE ONLY public.tenants
    ADD CONSTRAINT tenants_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.tenants
    ADD CONSTRAINT tenants_subdomain_key UNIQUE (subdomain);

CREATE INDEX schema_history_s_idx ON history.schema_history USING btree (success);

CREATE INDEX idx_chat_sessions_tenant_id ON public.chat_sessions USING btree (tenant_id);

CREATE INDEX idx_chat_sessions_updated_at ON public.chat_sessions USING btree (updated_at DESC);

CREATE INDEX idx_chat_sessions_user_id ON public.chat_sessions USING btree (user_id);

CREATE TRIGGER set_chat_sessions_updated_at BEFORE UPDATE ON public.chat_sessions FOR EACH ROW EXECUTE FUNCTION public.handle_updated_at();

ALTER TABLE ONLY public.chat_sessions
    ADD CONSTRAINT chat_sessions_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES public.tenants(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.chat_sessions
    ADD CONSTRAINT chat_sessions_user_id_fkey FOREIGN KEY (user_id) REFERENCES auth.users(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.tenant_users
    ADD CONSTRAINT tenant_users_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES public.tenants(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.tenant_users
    ADD CONSTRAINT tenant_users_user_id_fkey FOREIGN KEY (user_id) REFERENCES auth.users(id) ON DELETE CASCADE;

ALTER TABLE history.lease ENABLE ROW LEVEL SECURITY;

CREATE POLICY maintenance ON history.progress TO owner_plain USING ((current_setting('search_path'::text) = 'history_maintenance'::text)) WITH CHECK ((current_setting('search_path'::text) = 'history_maintenance'::text));

CREATE POLICY maintenance ON history.quarantine TO owner_plain USING ((current_setting('search_path'::text) = 'history_maintenance'::text)) WITH CHECK ((current_setting('search_path'::text) = 'history_maintenance'::text));

CREATE POLICY maintenance ON history.remembered TO owner_plain USING ((current_setting('search_path'::text) = 'history_maintenance'::text)) WITH CHECK ((current_setting('search_path'::text) = 'history_maintenance'::text));

ALTER TABLE history.progress ENABLE ROW LEVEL SECURITY;

ALTER TABLE history.quarantine ENABLE ROW LEVEL SECURITY;

ALTER TABLE history.remembered ENABLE ROW LEVEL SECURITY;

CREATE POLICY service_role_delete ON history.quarantine FOR DELETE TO service_role USING ((CURRENT_USER = 'service_role'::name));

CREATE POLICY service_role_select ON history.quarantine FOR SELECT TO service_role USING ((CURRENT_USER = 'service_role'::name));

CREATE POLICY service_role_update ON history.quarantine FOR UPDATE TO service_role USING ((CURRENT_USER = 'service_role'::name)) WITH CHECK ((CURRENT_USER = 'service_role'::name));

ALTER TABLE history.state ENABLE ROW LEVEL SECURITY;

CREATE POLICY "Admins can manage members" ON public.tenant_users USING ((EXISTS ( SELECT 1
   FROM public.tenant_users tu
  WHERE ((tu.tenant_id = tenant_users.tenant_id) AND (tu.user_id = auth.uid()) AND ((tu.role)::text = 'admin'::text)))));

CREATE POLICY "Members can view members" ON public.tenant_users FOR SELECT USING ((tenant_id IN ( SELECT tu.tenant_id
   FROM public.tenant_users tu
  WHERE (tu.user_id = auth.uid()))));

CREATE POLICY "Members can view their tenant" ON public.tenants FOR SELECT USING ((id IN ( SELECT tenant_users.tenant_id
   FROM public.tenant_users
  WHERE (tenant_users.user_id = auth.uid()))));

CREATE POLICY "Service role manages sessions" ON public.chat_sessions TO service_role USING (true) WITH CHECK (true);

CREATE POLICY "Users can manage own sessions" ON public.chat_sessions USING ((auth.uid() = user_id));

CREATE POLICY "Users can view own sessions" ON public.chat_sessions FOR SELECT USING ((auth.uid() = user_id));

ALTER TABLE public.chat_sessions ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.tenant_users ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.tenants ENABLE ROW LEVEL SECURITY;

GRANT USAGE ON SCHEMA auth TO anon;
GRANT USAGE ON SCHEMA auth TO authenticated;
GRANT USAGE ON SCHEMA auth TO service_role;
GRANT USAGE ON SCHEMA auth TO owner_plain;

GRANT USAGE ON SCHEMA history TO authenticated;
GRANT USAGE ON SCHEMA history TO service_role;
GRANT USAGE ON SCHEMA history TO history_functions;

GRANT CREATE ON SCHEMA public TO owner_plain;

REVOKE ALL ON FUNCTION history.add_foreign_keys() FROM PUBLIC;

REVOKE ALL ON FUNCTION history.add_not_null() FROM PUBLIC;

REVOKE ALL ON FUNCTION history.array_inserted() FROM PUBLIC;

REVOKE ALL ON FUNCTION history.array_rewritten() FROM PUBLIC;

REVOKE ALL ON FUNCTION history.array_stored() FROM PUBLIC;

REVOKE ALL ON FUNCTION history.attach_counters(argument text) FROM PUBLIC;

REVOKE ALL ON FUNCTION history.backfill_batch(max_conversations integer, max_bytes bigint, max_slice bigint, OUT conversations bigint, OUT elements bigint, OUT quarantined bigint, OUT more boolean) FROM PUBLIC;

REVOKE ALL ON FUNCTION history.backfill_slice(conversation uuid, max_bytes bigint, max_slice bigint, OUT elements bigint, OUT more boolean) FROM PUBLIC;

REVOKE ALL ON FUNCTION history.begin_fresh() FROM PUBLIC;

REVOKE ALL ON FUNCTION history.chosen_tenant() FROM PUBLIC;
GRANT ALL ON FUNCTION history.chosen_tenant() TO authenticated;
GRANT ALL ON FUNCTION history.chosen_tenant() TO service_role;
GRANT ALL ON FUNCTION history.chosen_tenant() TO history_functions;

REVOKE ALL ON FUNCTION history.claims() FROM PUBLIC;
GRANT ALL ON FUNCTION history.claims() TO authenticated;
GRANT ALL ON FUNCTION history.claims() TO service_role;
GRANT ALL ON FUNCTION history.claims() TO history_functions;

REVOKE ALL ON FUNCTION history.complete() FROM PUBLIC;

REVOKE ALL ON FUNCTION history.conversation_deleted() FROM PUBLIC;

REVOKE ALL ON FUNCTION history.conversation_written() FROM PUBLIC;

REVOKE ALL ON FUNCTION history.convert(ids uuid[], OUT conversations bigint, OUT elements bigint, OUT quarantined bigint) FROM PUBLIC;

REVOKE ALL ON FUNCTION history.current_tenant() FROM PUBLIC;
GRANT ALL ON FUNCTION history.current_tenant() TO authenticated;
GRANT ALL ON FUNCTION history.current_tenant() TO service_role;
GRANT ALL ON FUNCTION history.current_tenant() TO history_functions;

REVOKE ALL ON FUNCTION history.define_pending(exist boolean) FROM PUBLIC;

REVOKE ALL ON FUNCTION history.derived_id(kind text, key text) FROM PUBLIC;
GRANT ALL ON FUNCTION history.derived_id(kind text, key text) TO authenticated;
GRANT ALL ON FUNCTION history.derived_id(kind text, key text) TO service_role;
GRANT ALL ON FUNCTION history.derived_id(kind text, key text) TO history_functions;

REVOKE ALL ON FUNCTION history.uuid_of(hash bytea) FROM PUBLIC;
GRANT ALL ON FUNCTION history.uuid_of(hash bytea) TO authenticated;
GRANT ALL ON FUNCTION history.uuid_of(hash bytea) TO service_role;
GRANT ALL ON FUNCTION history.uuid_of(hash bytea) TO history_functions;

REVOKE ALL ON FUNCTION history.element_id(conversation uuid, seq bigint) FROM PUBLIC;
GRANT ALL ON FUNCTION history.element_id(conversation uuid, seq bigint) TO authenticated;
GRANT ALL ON FUNCTION history.element_id(conversation uuid, seq bigint) TO service_role;
GRANT ALL ON FUNCTION history.element_id(conversation uuid, seq bigint) TO history_functions;

REVOKE ALL ON FUNCTION history.element_of(id uuid, conversation_id uuid, user_id uuid, role text, content text, metadata jsonb, created_at timestamp with time zone) FROM PUBLIC;

REVOKE ALL ON FUNCTION history.element_time(value jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION history.element_time(value jsonb) TO authenticated;
GRANT ALL ON FUNCTION history.element_time(value jsonb) TO service_role;
GRANT ALL ON FUNCTION history.element_time(value jsonb) TO history_functions;

REVOKE ALL ON FUNCTION history.elements(messages jsonb, conversation uuid, otherwise timestamp with time zone, before bigint, seqs bigint[]) FROM PUBLIC;
GRANT ALL ON FUNCTION history.elements(messages jsonb, conversation uuid, otherwise timestamp with time zone, before bigint, seqs bigint[]) TO authenticated;
GRANT ALL ON FUNCTION history.elements(messages jsonb, conversation uuid, otherwise timestamp with time zone, before bigint, seqs bigint[]) TO service_role;
GRANT ALL ON FUNCTION history.elements(messages jsonb, conversation uuid, otherwise timestamp with time zone, before bigint, seqs bigint[]) TO history_functions;

REVOKE ALL ON FUNCTION history.enter(next_phase text) FROM PUBLIC;

REVOKE ALL ON FUNCTION history.expand() FROM PUBLIC;

REVOKE ALL ON FUNCTION history.force() FROM PUBLIC;

REVOKE ALL ON FUNCTION history.grant_access() FROM PUBLIC;

REVOKE ALL ON FUNCTION history.is_large(conversation uuid, stored bigint, max_bytes bigint, max_slice bigint) FROM PUBLIC;

REVOKE ALL ON FUNCTION history.join_realtime() FROM PUBLIC;

REVOKE ALL ON FUNCTION history.merge_patch(target jsonb, patch jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION history.merge_patch(target jsonb, patch jsonb) TO authenticated;
GRANT ALL ON FUNCTION history.merge_patch(target jsonb, patch jsonb) TO service_role;
GRANT ALL ON FUNCTION history.merge_patch(target jsonb, patch jsonb) TO history_functions;

REVOKE ALL ON FUNCTION history.message_added() FROM PUBLIC;

REVOKE ALL ON FUNCTION history.message_inserted() FROM PUBLIC;

REVOKE ALL ON FUNCTION history.message_updated() FROM PUBLIC;

REVOKE ALL ON FUNCTION history.messages_changed() FROM PUBLIC;

REVOKE ALL ON FUNCTION history.my_admin_tenants() FROM PUBLIC;
GRANT ALL ON FUNCTION history.my_admin_tenants() TO authenticated;
GRANT ALL ON FUNCTION history.my_admin_tenants() TO service_role;
GRANT ALL ON FUNCTION history.my_admin_tenants() TO history_functions;

REVOKE ALL ON FUNCTION history.my_tenants() FROM PUBLIC;
GRANT ALL ON FUNCTION history.my_tenants() TO authenticated;
GRANT ALL ON FUNCTION history.my_tenants() TO service_role;
GRANT ALL ON FUNCTION history.my_tenants() TO history_functions;

REVOKE ALL ON FUNCTION history.original_of(relation regclass) FROM PUBLIC;

REVOKE ALL ON FUNCTION history.orphans() FROM PUBLIC;

REVOKE ALL ON FUNCTION history.owns_conversation(tenant uuid, conversation uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION history.owns_conversation(tenant uuid, conversation uuid) TO authenticated;
GRANT ALL ON FUNCTION history.owns_conversation(tenant uuid, conversation uuid) TO service_role;
GRANT ALL ON FUNCTION history.owns_conversation(tenant uuid, conversation uuid) TO history_functions;

REVOKE ALL ON FUNCTION history.protect(relation regclass, own text, writable text) FROM PUBLIC;

REVOKE ALL ON FUNCTION history.put(tenant uuid, conversation uuid, owner uuid, otherwise timestamp with time zone, elements jsonb, before bigint, seqs bigint[]) FROM PUBLIC;

REVOKE ALL ON FUNCTION history.rebuilt(conversation uuid) FROM PUBLIC;

REVOKE ALL ON FUNCTION history.release_quarantine() FROM PUBLIC;

REVOKE ALL ON FUNCTION history.remove(tenant uuid, conversation uuid, seqs bigint[]) FROM PUBLIC;

REVOKE ALL ON FUNCTION history.repair_membership_policies() FROM PUBLIC;

REVOKE ALL ON FUNCTION history.roll_back() FROM PUBLIC;

REVOKE ALL ON FUNCTION history.set_not_null() FROM PUBLIC;

REVOKE ALL ON FUNCTION history.slice(messages jsonb, first bigint, last bigint) FROM PUBLIC;

REVOKE ALL ON FUNCTION history.to_uuid(value text) FROM PUBLIC;
GRANT ALL ON FUNCTION history.to_uuid(value text) TO authenticated;
GRANT ALL ON FUNCTION history.to_uuid(value text) TO service_role;
GRANT ALL ON FUNCTION history.to_uuid(value text) TO history_functions;

REVOKE ALL ON FUNCTION history.user_id() FROM PUBLIC;
GRANT ALL ON FUNCTION history.user_id() TO authenticated;
GRANT ALL ON FUNCTION history.user_id() TO service_role;
GRANT ALL ON FUNCTION history.user_id() TO history_functions;

REVOKE ALL ON FUNCTION history.validate() FROM PUBLIC;

REVOKE ALL ON FUNCTION history.verify_batch(after uuid, max_conversations integer, max_bytes bigint, OUT checked bigint, OUT reached uuid, OUT differing uuid[]) FROM PUBLIC;

GRANT SELECT,REFERENCES ON TABLE auth.users TO owner_plain;

GRANT SELECT,DELETE,UPDATE ON TABLE history.quarantine TO service_role;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.chat_sessions TO authenticated;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.chat_sessions TO service_role;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.knowledge_base TO authenticated;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.knowledge_base TO service_role;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.tenant_users TO authenticated;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.tenant_users TO service_role;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.tenants TO authenticated;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.tenants TO service_role;
