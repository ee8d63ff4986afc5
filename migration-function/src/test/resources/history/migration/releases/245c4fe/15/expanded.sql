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

CREATE FUNCTION history.converted_to(conversation uuid) RETURNS bigint
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path TO 'history_maintenance'
    AS $$begin return (select p.converted from history.progress p where p.conversation_id = conversation); end$$;

ALTER FUNCTION history.converted_to(conversation uuid) OWNER TO owner_plain;

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

CREATE FUNCTION history.pending_count(tenant uuid, conversation uuid) RETURNS integer
    LANGUAGE sql STABLE
    SET search_path TO ''
    AS $$select count(*)::integer
         from public.conversations c
         cross join lateral history.elements(c.messages, c.id, c.created_at) e
         where c.tenant_id = tenant and c.id = conversation and c.last_seq is null and e.reason is null$$;

ALTER FUNCTION history.pending_count(tenant uuid, conversation uuid) OWNER TO owner_plain;

SET default_tablespace = '';

SET default_table_access_method = heap;

CREATE TABLE public.messages (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    tenant_id uuid NOT NULL,
    conversation_id uuid NOT NULL,
    user_id uuid NOT NULL,
    seq bigint NOT NULL,
    role character varying(20) NOT NULL,
    content text NOT NULL,
    metadata jsonb DEFAULT '{}'::jsonb NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT messages_role_check CHECK (((role)::text = ANY ((ARRAY['user'::character varying, 'assistant'::character varying, 'system'::character varying])::text[])))
);

ALTER TABLE public.messages OWNER TO owner_plain;

CREATE FUNCTION history.pending_messages(tenant uuid, conversation uuid) RETURNS SETOF public.messages
    LANGUAGE sql STABLE
    SET search_path TO ''
    AS $$select e.id, c.tenant_id, c.id, c.user_id, e.seq, e.role, e.content, e.metadata, e.created_at
         from public.conversations c
         cross join lateral history.elements(c.messages, c.id, coalesce(c.created_at, c.updated_at, now())) e
         where c.tenant_id = tenant and c.id = conversation and c.last_seq is null and e.reason is null
             and e.seq > coalesce(history.converted_to(c.id), 0)$$;

ALTER FUNCTION history.pending_messages(tenant uuid, conversation uuid) OWNER TO owner_plain;

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

CREATE TABLE public.conversations (
    id uuid DEFAULT public.uuid_generate_v4() NOT NULL,
    tenant_id uuid NOT NULL,
    user_id uuid NOT NULL,
    title character varying(255) DEFAULT 'New Conversation'::character varying,
    messages jsonb DEFAULT '[]'::jsonb,
    metadata jsonb DEFAULT '{}'::jsonb,
    created_at timestamp with time zone DEFAULT now(),
    updated_at timestamp with time zone DEFAULT now(),
    last_seq bigint,
    message_count integer,
    request_hash text
);

ALTER TABLE public.conversations OWNER TO owner_plain;

CREATE VIEW public.chat_sessions WITH (security_invoker='true') AS
 SELECT conversations.id,
    conversations.tenant_id,
    conversations.user_id,
    conversations.title,
    conversations.messages,
    conversations.metadata,
    conversations.created_at,
    conversations.updated_at
   FROM public.conversations;

ALTER VIEW public.chat_sessions OWNER TO owner_plain;

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

INSERT INTO history.progress VALUES
	('c0000000-0000-4000-8000-00000000000a', 10);

INSERT INTO history.quarantine VALUES
	('10000000-0000-4000-8000-00000000000a', 'c0000000-0000-4000-8000-000000000007', 1, 'content_missing', '{"role": "user"}', '2026-11-25 12:54:45.061717+00'),
	('10000000-0000-4000-8000-00000000000a', 'c0000000-0000-4000-8000-000000000007', 2, 'content_missing', '{"role": "user", "content": null}', '2026-11-25 12:54:45.061717+00'),
	('10000000-0000-4000-8000-00000000000a', 'c0000000-0000-4000-8000-000000000007', 3, 'role_missing', '{"content": "no role"}', '2026-11-25 12:54:45.061717+00'),
	('10000000-0000-4000-8000-00000000000a', 'c0000000-0000-4000-8000-000000000007', 4, 'role_unknown', '{"role": "tool", "content": "t"}', '2026-11-25 12:54:45.061717+00'),
	('10000000-0000-4000-8000-00000000000a', 'c0000000-0000-4000-8000-000000000007', 5, 'role_unknown', '{"role": "function", "content": "f"}', '2026-11-25 12:54:45.061717+00'),
	('10000000-0000-4000-8000-00000000000a', 'c0000000-0000-4000-8000-000000000007', 6, 'role_missing', '{"role": null, "content": "x"}', '2026-11-25 12:54:45.061717+00'),
	('10000000-0000-4000-8000-00000000000a', 'c0000000-0000-4000-8000-000000000007', 7, 'role_unknown', '{"role": 7, "content": "x"}', '2026-11-25 12:54:45.061717+00'),
	('10000000-0000-4000-8000-00000000000a', 'c0000000-0000-4000-8000-000000000007', 8, 'not_an_object', '"text"', '2026-11-25 12:54:45.061717+00'),
	('10000000-0000-4000-8000-00000000000a', 'c0000000-0000-4000-8000-000000000007', 9, 'not_an_object', '17', '2026-11-25 12:54:45.061717+00'),
	('10000000-0000-4000-8000-00000000000a', 'c0000000-0000-4000-8000-000000000007', 10, 'not_an_object', 'null', '2026-11-25 12:54:45.061717+00'),
	('10000000-0000-4000-8000-00000000000a', 'c0000000-0000-4000-8000-000000000007', 11, 'not_an_object', '[1]', '2026-11-25 12:54:45.061717+00'),
	('10000000-0000-4000-8000-00000000000a', 'c0000000-0000-4000-8000-000000000007', 12, 'content_without_text', '{"role": "user", "content": [{"type": "image"}]}', '2026-11-25 12:54:45.061717+00'),
	('10000000-0000-4000-8000-00000000000a', 'c0000000-0000-4000-8000-000000000008', 0, 'not_an_array', '{"role": "user", "content": "x"}', '2026-11-25 12:54:45.061717+00'),
	('10000000-0000-4000-8000-00000000000a', 'c0000000-0000-4000-8000-000000000009', 0, 'not_an_array', '17', '2026-11-25 12:54:45.061717+00');

INSERT INTO history.schema_history VALUES
	(0, NULL, '<< Flyway Schema Creation >>', 'SCHEMA', '"history"', NULL, 'owner_plain', '2026-11-25 12:54:44.435461', 0, true),
	(1, NULL, '002_conversation_history_access', 'JDBC', 'history.migration.SqlFile', -602233467, 'owner_plain', '2026-11-25 12:54:44.456702', 36, true),
	(2, NULL, '003_conversation_history_elements', 'JDBC', 'history.migration.SqlFile', -1287664512, 'owner_plain', '2026-11-25 12:54:44.497384', 26, true),
	(3, NULL, '004_conversation_history_mirrors', 'JDBC', 'history.migration.SqlFile', 450074267, 'owner_plain', '2026-11-25 12:54:44.550367', 26, true),
	(4, NULL, '005_conversation_history_steps', 'JDBC', 'history.migration.SqlFile', -1652199420, 'owner_plain', '2026-11-25 12:54:44.598382', 45, true);

INSERT INTO history.state VALUES
	(true, 'expanded', false, 'c0000000-0000-4000-8000-000000000009', '{"forced": false, "secured": true, "policies": ["create policy \"Service role manages sessions\" on public.chat_sessions as PERMISSIVE for ALL to service_role using (true) with check (true)", "create policy \"Users can manage own sessions\" on public.chat_sessions as PERMISSIVE for ALL to public using ((auth.uid() = user_id)) ", "create policy \"Users can view own sessions\" on public.chat_sessions as PERMISSIVE for SELECT to public using ((auth.uid() = user_id)) "], "triggers": [{"name": "set_chat_sessions_updated_at", "definition": "CREATE TRIGGER set_chat_sessions_updated_at BEFORE UPDATE ON public.chat_sessions FOR EACH ROW EXECUTE FUNCTION public.handle_updated_at()"}], "ungranted": [], "title_default": null}', '2026-11-25 12:54:44.950586+00');

INSERT INTO public.conversations VALUES
	('c0000000-0000-4000-8000-000000000010', '10000000-0000-4000-8000-00000000000a', 'a0000000-0000-4000-8000-000000000001', 'doubly encoded', '"[{\"role\":\"user\",\"content\":\"x\"}]"', '{"pinned": true}', '2023-05-01 10:00:00+00', '2023-06-01 12:34:56.789+00', NULL, NULL, NULL),
	('c0000000-0000-4000-8000-000000000011', '10000000-0000-4000-8000-00000000000a', 'a0000000-0000-4000-8000-000000000001', NULL, '[{"role": "user", "content": "no title"}]', '{"pinned": true}', '2023-05-01 10:00:00+00', '2023-06-01 12:34:56.789+00', NULL, NULL, NULL),
	('c0000000-0000-4000-8000-000000000012', '10000000-0000-4000-8000-00000000000a', 'a0000000-0000-4000-8000-000000000001', '   ', '[{"role": "user", "content": "blank title"}]', '{"pinned": true}', '2023-05-01 10:00:00+00', '2023-06-01 12:34:56.789+00', NULL, NULL, NULL),
	('c0000000-0000-4000-8000-000000000013', '10000000-0000-4000-8000-00000000000a', 'a0000000-0000-4000-8000-000000000001', 'words for times', '[{"role": "user", "content": "a", "timestamp": "now"}, {"role": "user", "content": "b", "timestamp": "infinity"}, {"role": "user", "content": "c", "timestamp": "epoch"}, {"role": "user", "content": "d", "timestamp": "yesterday"}, {"role": "user", "content": "e", "timestamp": "2024-02-31T00:00:00Z"}, {"role": "user", "content": "f", "timestamp": "1999-12-31"}, {"role": "user", "content": "g", "timestamp": "2101-01-01"}, {"role": "user", "content": "h", "timestamp": {}}, {"role": "user", "content": "i", "timestamp": 1000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000}, {"role": "user", "content": "j", "timestamp": -5}]', '{"pinned": true}', '2023-05-01 10:00:00+00', '2023-06-01 12:34:56.789+00', NULL, NULL, NULL),
	('c0000000-0000-4000-8000-000000000014', '10000000-0000-4000-8000-00000000000a', 'a0000000-0000-4000-8000-000000000001', 'times', '[{"role": "user", "content": "a", "timestamp": 1705312800}, {"role": "user", "content": "b", "timestamp": 1705312800000}, {"role": "user", "content": "c", "timestamp": 1705312800000000}, {"role": "user", "content": "d", "created_at": "2024-01-15T10:00:00Z"}, {"role": "user", "content": "e", "createdAt": "2024-01-15 12:00:00+02"}, {"role": "user", "content": "f", "timestamp": "1705312800000"}]', '{"pinned": true}', '2023-05-01 10:00:00+00', '2023-06-01 12:34:56.789+00', NULL, NULL, NULL),
	('c0000000-0000-4000-8000-000000000015', '10000000-0000-4000-8000-00000000000a', 'a0000000-0000-4000-8000-000000000001', 'equal and descending', '[{"id": "d", "role": "user", "content": "1", "timestamp": "2024-01-15T10:00:02Z"}, {"id": "d", "role": "user", "content": "2", "timestamp": "2024-01-15T10:00:01Z"}, {"id": "d", "role": "user", "content": "3", "timestamp": "2024-01-15T10:00:01Z"}]', '{"pinned": true}', '2023-05-01 10:00:00+00', '2023-06-01 12:34:56.789+00', NULL, NULL, NULL),
	('c0000000-0000-4000-8000-000000000016', '10000000-0000-4000-8000-00000000000a', 'a0000000-0000-4000-8000-000000000001', 'emoji and rtl', '[{"role": "user", "😀": {"a": []}, "content": "👩‍👩‍👧 שלום مرحبا"}, {"role": "user", "content": ""}]', '{"pinned": true}', '2023-05-01 10:00:00+00', '2023-06-01 12:34:56.789+00', NULL, NULL, NULL),
	('c0000000-0000-4000-8000-000000000017', '10000000-0000-4000-8000-00000000000a', 'a0000000-0000-4000-8000-000000000001', 'metadata', '[{"role": "user", "content": "a", "metadata": {}}, {"role": "user", "content": "b", "metadata": "text"}, {"role": "user", "content": "c", "metadata": null}, {"role": "user", "content": "d", "metadata": {"k": 2, "legacy": 1}}, {"role": "user", "content": "e", "metadata": {"k": [1, {"l": null}]}}, {"role": "user", "legacy": {"x": 1}, "content": "f"}]', '{"pinned": true}', '2023-05-01 10:00:00+00', '2023-06-01 12:34:56.789+00', NULL, NULL, NULL),
	('d0000000-0000-4000-8000-000000000001', '10000000-0000-4000-8000-00000000000a', 'a0000000-0000-4000-8000-000000000001', 'ten thousand', '[{"id": "m1", "role": "user", "content": "Message 1"}, {"id": "m2", "role": "user", "content": "Message 2"}, {"id": "m3", "role": "user", "content": "Message 3"}, {"id": "m4", "role": "user", "content": "Message 4"}, {"id": "m5", "role": "user", "content": "Message 5"}, {"id": "m6", "role": "user", "content": "Message 6"}, {"id": "m7", "role": "user", "content": "Message 7"}, {"id": "m8", "role": "user", "content": "Message 8"}, {"id": "m9", "role": "user", "content": "Message 9"}, {"id": "m10", "role": "user", "content": "Message 10"}, {"id": "m11", "role": "user", "content": "Message 11"}, {"id": "m12", "role": "user", "content": "Message 12"}, {"id": "m13", "role": "user", "content": "Message 13"}, {"id": "m14", "role": "user", "content": "Message 14"}, {"id": "m15", "role": "user", "content": "Message 15"}, {"id": "m16", "role": "user", "content": "Message 16"}, {"id": "m17", "role": "user", "content": "Message 17"}, {"id": "m18", "role": "user", "content": "Message 18"}, {"id": "m19", "role": "user", "content": "Message 19"}, {"id": "m20", "role": "user", "content": "Message 20"}]', NULL, NULL, NULL, NULL, NULL, NULL),
	('d0000000-0000-4000-8000-000000000002', '10000000-0000-4000-8000-00000000000b', 'b0000000-0000-4000-8000-000000000002', 'Bob', '[{"role": "user", "content": "I am Bob"}]', '{}', NULL, '2023-01-01 00:00:00+00', NULL, NULL, NULL),
	('c0000000-0000-4000-8000-00000000000a', '10000000-0000-4000-8000-00000000000a', 'a0000000-0000-4000-8000-000000000001', 'large', '[{"role": "user", "content": "Message 1"}, {"role": "user", "content": "Message 2"}, {"role": "user", "content": "Message 3"}, {"role": "user", "content": "Message 4"}, {"role": "user", "content": "Message 5"}, {"role": "user", "content": "Message 6"}, {"role": "user", "content": "Message 7"}, {"role": "user", "content": "Message 8"}, {"role": "user", "content": "Message 9"}, {"role": "user", "content": "Message 10"}, {"role": "user", "content": "Message 11"}, {"role": "user", "content": "Message 12"}, {"role": "user", "content": "Message 13"}, {"role": "user", "content": "Message 14"}, {"role": "user", "content": "Message 15"}, {"role": "user", "content": "Message 16"}, {"role": "user", "content": "Message 17"}, {"role": "user", "content": "Message 18"}, {"role": "user", "content": "Message 19"}, {"role": "user", "content": "Message 20"}, {"role": "user", "content": "Message 21"}, {"role": "user", "content": "Message 22"}, {"role": "user", "content": "Message 23"}, {"role": "user", "content": "Message 24"}, {"role": "user", "content": "Message 25"}, {"role": "user", "content": "Message 26"}, {"role": "user", "content": "Message 27"}, {"role": "user", "content": "Message 28"}, {"role": "user", "content": "Message 29"}, {"role": "user", "image": "c4ca4238a0b923820dcc509a6f75849bc81e728d9d4c2f636f067f89cc14862ceccbc87e4b5ce2fe28308fd9f2a7baf3a87ff679a2f3e71d9181a67b7542122ce4da3b7fbbce2345d7772b0674a318d51679091c5a880faf6fb5e6087eb1b2dc8f14e45fceea167a5a36dedd4bea2543c9f0f895fb98ab9159f51fd0297e236d45c48cce2e2d7fbdea1afc51c7c6ad26d3d9446802a44259755d38e6d163e8206512bd43d9caa6e02c990b0a82652dcac20ad4d76fe97759aa27a0c99bff6710c51ce410c124a10e0db5e4b97fc2af39aab3238922bcc25a6f606eb525ffdc569bf31c7ff062936a96d3c8bd1f8f2ff3c74d97b01eae257e44aa9d5bade97baf70efdf2ec9b086079795c442636b55fb6f4922f45568161a8cdf4ad2299f6d231f0e3dad99908345f7439f8ffabdffc498f13708210194c475687be6106a3b843c59dc048e8850243be8079a5c74d079b6d767d2f8ed5d21a44b0e5886680cb937693cfc748049e45d87b8c7d8b9aacd1ff1de774005f8da13f42943881c655f8e296a067a37563370ded05f5a3bf3ec4e732ced3463d06de0ca9a15b615367702e74f10e0327ad868d138f2b4fdd6f033e75ff09dd601bbe69f3510391521896ea9ab1baa0efb9e19094440c317e21b34173cb38f07f89ddbebc2ac9128303fc16a5320fa475530d9583c34fd356ef56364d3f0f495b6ab9dcf8d3b5c6e0b01182be0c5cdcd5072bb1864cdee4d3d6ee369853df766fa44e1ed0ff613f563bd1c383cd30b7c298ab50293adfecb7b1819ca14e7ea6328a42e0eb13d585e4c22a5bfc9e07964f8dddeb95fc584cd965da5771bce93e200c36f7cd9dfd0e5deaad67d8ab4f4c10bf22aa353e27879133cd645920e395fedad7bbbed0eca3fe2e03416a75f4cea9109507cacd8e2f2aefca1d0c6e83f027327d8461063f4ac58a617e62166fc8586dfa4d1bc0e1742c08bf7177163c833dff4b38fc8d2872f1ec66c8349cc7260ae62e3b1396831a8398fd9d4f495e875a2e075a1a4a6e1b9770f67c6a1e7ce56d3d6fa748ab6d9af3fd7642e92efb79421734881b53e1e1b18b6f457c545a9ded88f18ecee47145a72c0c0c7c76d30bd3dcaefc96f40275bdc0a2838023a778dfaecdc212708f721b7889a1158154dfa42caddbd0694a4e9bdc8d82c8d1619ad8176d665453cfb2e55f0a684eceee76fc522773286a895bc8436b53b3a3d6ab90ce0268229151c9bde119f61408e3afb633e50cdf1b20de6f46672b32a1f754ba1c09b3695e0cb6cde7f66f041e16a60928b05a7e228a89c3799093f65e080a295f8076b1c5722a46aa2072b030ba126b2f4b2374f342be9ed447f39f8317fbdb1988ef4c628eba0259144f683a84163b3523afe57c2e008bc8c03afdbd66e7929b125f8597834fa83a4ea5d2f1c4608232e07d3aa3d998e5135fc490ca45c00b1249bbe3554a4fdf6fb3295c76acbf4caaed33c36b1b5fc2cb1735b90b4568125ed6c3f678819b6e058a3f390d88e4c41f2747bfa2f1b5f87db14bfa6bb14875e45bba028a21ed380467cbbc409ec990f19c78c75bd1e06f215e2c420d928d4bf8ce0ff2ec19b37151432bb90e8976aab5298d5da10fe66f21dd2ddea18f00665ce8623e36bd4e3c7c5ad61ab143223efbc24c7d2583be69251d09bf41544a3365a46c9077ebb5e35c3fbd7939d674997cdb4692d34de8633c428dd2c7955ce926456240b2ff0100bde35f4a8d465e6e1edc05f3d8ab658c551d1fe173d08e959397adf34b1d77e88d7f033ab37c30201f73f142449d037028d43ec517d68b6edd3015b3edc9a11367b9778d5d219c5080b9a6a17bef029331cfe9fc289c3ff0af142b6d3bead98a92368d30a9594728bc39aa24be94b319d213ef815416f775098fe977004015c619393db85ed909c13838ff95ccfa94cebd9c7e1249ffc03eb9ded908c236bd1996d2a38a4a9316c49e5a833517c45d310707647966b7343c29048673252e490f7368613985ec49eb8f757ae6439e879bb2a54229abfcfa5649e7003b83dd475529492cc227532d17e56e07902b254dfad1098dce83da57b0395e163467c9dae521bf4b9ec30ad9f68f89b29639786cb62ef812b4ba287f5ee0bc9d43bbf5bbe87fb26657d5ff9020d2abefe558796b99584e2ef524fbf3d9fe611d5a8e90fefdc9ced3d2c21991e3bef5e069713af9fa6caac627ab1ccbdb62ec96e702f07f6425bf899139df5e1059396431415e770c6dd38b3eff8baf56627478ec76a704e9b52ec8956637a99787bd197eacd77acce5e6974ce5ac660610b44d9b9fed0ff9548c9e1074f5b3f9fc8ea15d152add0729465b9eea6e1cc6bb9f0cd2a47751a186ff0935e4cd5920aa6c7c996a5ee53a70fa97da629b098b75c294dffdc3e463904a3c65c2974270fd093ee8a9bf8ae7d0b2723d092b63885e0d7c260cc007e8b9d5f93f983524def3dca464469d2cf9f3e698d51a19d8a121ce581499d7b7016687f6ffaa6bb0b408017b62254211691b573278a4a86960eeb576a8fd4c9ec69975fd0b37cd7dbbb00f97ba6ce92bf5add2b44928ae11fb9384c4cf38708677c48c45147dee729311ef5b5c3003946c48feb160de1de89d9058fcb0b968dbbbd685ef059938ba799aaa845e1c2e8a762bd07e1cd7dca89a1678042477183b7ac3fda4fb5c6e93e74d3df8527599fa626424c56ff4ce4aaf9573aa5dff913df997aa0a080f42e6f13b3a2df133f073095dd202cb962ac59075b964b07152d234b70c8ffe9a587b126f152ed3d89a146b4453def184ad8f4755ff269862ea77393dd069059b7ef840f0c74a814ec9237b6ecec5decca5ed3d6b8079e2e7e7bacc9f276dc611d6ebaafc66cc0879c71b5db5cd1f491a404d6854880943e5c3cd9ca259b8619251a19057cff70779273e95aa61afa34a7f984eeabdbb0a7d494132ee565ded5353c5ee48d0b7d48c591b8f4309fc3d7152ba9336a670e36d0ed79bc4302522a2b2726fb0a03bb19f2d8d9524d7f1de29e6da19d22b51c68001e7e0e5442a0e188f5033bc65bf8d78622277c4e3988c7f88ebcb58c6ce932b957b6f332013d407166ec4fa56eb1e1f8cbe183b9e00da03b685a0dd18fb6a08af0923de01385974ed5904a438616ff7bdb3f74390f28b5d49b3020afeecd95b4009adf4ca8baa56554f96369ab93e4f3bb068c22903ce9225fca3e988c2af215d4e544d30a09c8844ba8f0936c20bd791130d6b62b24d495052a8ce66358eb576b8912c8a5e00132373a7031000fd987a3c9f87b8d5e957f297893487bd98fa830fa641347d1e990583c9c67424d369f3414728ef2217062e9a397a1dca429e7d70bc6ca7ef605fc8dba5425d6965fbd4c8fbe1fa8f15eda80c50adb0e71943adc8015cf37a749d808e46495a8da1e5352d03caeb3e3e393c77e35a4a3f3cbd1e429b5dc1d7f7abc18fcb43975065399b0d1e48e2a79ea27c279e471f4d180b08d62b00a1c9ac0159c94d8d0cbedc973445af2da6c4b761a28b734fe93831e3fb400ce8706409663226af2f3114485aa4e0a23b4140f6969d5213fd0ece03148e62e461eb73ce398c39f506af761d2277d853a92bd4c9ab730f5513206b999ec0d90d1fb82aa4b0af34c2313a562076992e50aa30777d5c17d4066b82ab86dff8a46af6ffa7cdfad1a5aaf8370ebeda47a1ff1c39766527f2b5d3e95d4a733fcfb77bd7e7e7757b1e12abcb736ab9a754ffb617a5878a7ab84fb43402106c575658472fa006f52e9102a8d3be2fe5614f42ba9893636638817772e42b59d74cff571fbb3149e9677a5989fd342ae44213df68868a4a042cf4fd6bfb47701cbc8a1653ada1ff8a7b5dc7a7d1f0ed65aaa29c04b1ef7e6c85504ce6e82442c770f7c8606f0bf8229696f7a3bb4700cfddef19fa23f82161242827b703e6acf9c726942a1e438af86134b65d0f10fe33d30dd76442e96da2f590cd7246bbde0051047b0d6f78f85517967795eeef66c225f7883bdcb8f53295a73878494e9bc8dd6c3c7104f045117b0e0a11a242b9765e79cbf113ffc221309746013ac554571fbd180e1c84c5bde74a8f110656874902f07378009cedebb6e872f539bef8c3f919874e9d76cdd60ea0045eb7a6ec44c54d29ed402eecca5b6365d9607ee5a9d336962c5349872ed9fc22fc182d371c3e9ed31609431fefc0e570cb3860f2a6d4b38c6490d9dcb88e0137649590b755372b040afada2557a7b2e94197ff767970b67041697cfecdb276f634854f3ef915e2e980c310aa1883c6411f7873cb83dacb17b0afc58a2fc6ed39fd083f55d4182bf88826dbd686fd640be98efaae0091fa301e613a597e50502f5ff68e3e25b9114205d4a0336dcbab05b9d5ad24f4333c7658a0e084b6fbb10729ed4da8c3d3f5a3ae7c985d8ce590ad8981ca2c8286f79f599540e65972dce68dad4d52d063967f0a70584d9ee44e457ddef7f2c4f25dc8fa8653644a684f98ea8fe223c713b77189a77757b505cfd34c64c85ca5b5690ee5293854d6fae5ee42911677c739ee1734486e2c0be24560d78c5e599c2a9c9d0bbd2274ad4786c3abca69fa097b85867d9a4eae27d77ca20db309e056e3d2dcd7d697eabe3a1649ffa2b3ff8c02ebfd5659f69adc1e107f7f7d035d7baf04342e1ca091d584fced301b442654dd8c23b3fc9b1d10e7bafa4421218a51b1e1f1b0ba26f3ef77ac0e3619e98159e9b6febf557eb163727917cbba1eea208541a643e741534b76d325a8f591b52d302e7181331979d472a84804b9f647bc185a877a8b5ca46c1b9512a7a8315fa3c5a946e82653b8a614226a953a8cd9526fca6fe9ba545fbc6d3e05ebd93369ce542e8f2322d63dc7ed1010d3c3b8269faf0ba7491d4e96ed478dab8595a7dbda4cbcbee168fc0e190d8267e36708f955d7ab048990dec8ce6abb3e952a85b8551ba726a1227060ad92489947d410d897474079c1477bcbe3365e6ac95ea2c0343a2395834dd115f89503138416a242f40fb7d7f338e13fe9d84310e77f13a6d184dbf1232f3d1c38a09acc34845c6be3a127a5aacaf9cfdf10e8fc047a44b08ed031e1f0ed1705f2172834666788607efbfca35afb374db120f0a8e5646ef5a30154e9f6deb57aeee35c98205091e18d1140e9f38cf6da9003b743b65f4c0ccd295cc484e579b04d152845ec0a378394003c96da594be83ab3ecd0db773eb2dc1b0a17836a1e165421110ba03099a1c0393373c5b43289dff07669d7a23de0ef88d2f7129e7577ef1154f3240ad5b9b413aa7346a1e01161aaa0b6d1345dd8fe4e481144d84539fd53b59e3bb12d203f45a912eeaf2ac1dd209cbcc5e5d1c6e28598e8cbbe8555d6702c950ecb729a966504af0a635335f5352088d7d9bf74191e006d8e24cf340f1b1f65b6df5b5e3f94d95b11dafe4a6222cdb5b34375400904f03d8e6a5cb70ab375662576bd1ac5aaf16b3fca49188905e74c28e489b44e954ec0b9bca0266e33d3f546cb5436a10798e657d9738db3aed920cf82ab059bfccbd02be6a3cec07e9ba5f5bb252d13f5f431e4bbb621bf66ddb7c962aa0d22ac97d69b793077e29b11be80ab57e1a2ecabb7da3306c9882bbac1c7093bd2504188127765819f3cd308f1455b3fa09a282e0d496f403c6b06952c750899bb03d998e631860c24cd76e1ce41366a4bbe8a49b02a028c52f1bd66cc19d05628bd8bf27af3ad6fe131d7f5a6b38b23cc967316c13dae2f718499c1c8cef6730f9fd03c8125cabd96409bf894217686ba124d7356686c9502e4a16930e414107ee22b6198c578fcfa0860e83a4c3a763a7e62d825349f7a4f23670e1833f3fdb077ca70bbd5d66b1a59b315fc9a3002ce38bbe070ec3f536660e59856b4de58a219bcf4e27eba38c19f571e251e61cb8dd3612f26d5ecfd6baf65e0b240ce177cf70da146c8dc8e56954b4f6347e897f954495eab16a88f7664060cc52bc6f3d620bcedc94a4b6eda80a3d5b344bc40f3bc04f65b7a3578f121ce07d74717e0b1f21d122e0452106138bc5af6023646ede0e1f7c1eac7539059724f73a9969845dfe4146c5660e7f100b7b36092fb9b06dfb4fac3609317a614fd06c325499f1680b9896beedeb4734ba6f3de83d861c3176a6273cac6dd947bf06a885db0d477d707121934ff863923f49e5241343aa7acb6a06a751e7db8e1af0cb3aca1ae2d001862420452920f07591c6fcb220ffe637cda29bb3f607cdfd23373b17c6b337251c22b7ea57d395771085aab05244a4fb8fd91bf4ee92c8c96e4c37100777c7190b76d28233e3796ae838835da0b6f6ea37bcf8bcb76a9aeddfc689c1d0e3b9ccc3ab651bc50f49c89d1e7298bb9930789c8ed59d4846ba9f2a6976570b0353203ec44742170e01938fc48a2cfb5f2217fbfb00722d16a5cdae362b8d27a1d8f8c7b78b4330918317b57931b6b7a7d29490fe5ec9f948aedb8880cab8c45637abc7493ecddd839ab46820b524afda05122893c2fe8ef90f2aca5c640289d0a29417bcb63a379c838d2e45b2ad1094d42f4ef36764f61700002963a49da13542e0726b7bb75853c3bce66e43be4f209556518c2fcb546883966fd8f918a4aa29be29d2c386fb49182f81e6a13cf5eaa496d51fea6406d296c101daa88a51f6ca8cfc1ac79b509fd81843ad7f202f26c1a174c735758526e359e83860db1d11b6acca57d8ea88ef0d3930a7b6c95bd2b32ed45989c61f94f6d7e04a4d452035300f18b984988c34ed066df378efacc9b924ec161e7639577bcc914f9e55d5e4e4f82f9f00e7d411b9842e0a271ff252c1903e7132cd6837bc2f75bf1bcfe8450a1a41c200364c496e05e1aea0a9c4655800e8a7b9ea28b2eb7349035754953b57a32e2841bda58e98d81f8217304975ccb23337bb5761a8c88a0055f636e4a163a5e3d16adab7eddea82ad2755b24c4e168c5fc2ebd4006eb61b839a0cefee4967c67ccb099dc9dfcd5e558dfa04aaf37f137a1d9d3e5950a4152c2b4aa3ad78bdd6b366cc179158f3069a435b314a80bdcb024f8e422758874998f5bd0c393da094e1967a72bad13a2a07ca4b7642959dc0c4c740ab63fe94a002317b5f9259f82690aeea4cd5b8add2a5d98b1a652ea7fd72d942dac432aca3a1e345e339f35a30c8f65edce8d3bba7425e7c98c50f52ca1b52d3735320722549d1751cf3f247855f937b982caf1a3dfb505ffed0d024130f58c5cfa5737c6ec2e0716f3d8a7a5c4e0de0d9abc6dc48b743dc5d013b1abaebd2faed2f2fc990265c712c49d51a18a32b39f0c89f0fd5c927d466d6ec9a21b9ac34ffaa666587afda6e89aec274a3657558a27b83aac23b9528732c23cc7352950e880cd00692c3bfe59267d5ecfac5310286c6faa8040da20ef399b63a72d0e4ab575fe73f687e5bc5280214e0486b273a5f96da37dd3139aa4d9aa55b8d237ec5d4ac042f4db68f23406c6cecf84a7ebb0fe310dcbbf4cce62f762a2aaa148d556bd2f2b265625d76a6704b08093c652fd79f9b902fc3289af4dd08de5d1de54f68f6855456e2fe46a9d49d3d3af4f57443d357a6fdf7642bf815a88822c447d9dc4819f46e52c25763a55cc64242264431704025959b191f8f9de3f924f0940515f40008b9a5380fcacce3976bf7c08af5b3dd48ab31d016ffcbf3314df2b3cb9ce58238e9ae2dd305d79c2ebc8c18834223ad7c2ebb96fcba7cda0cf54a2e802f5b3967a0e938dc2a6340e258630febd5ad81f9c1be2e08964bf9f24b15f0e490013f9896df61279c928f19721878fac41c5ff2543b53f4cc0ad3819a36752467b01386bd6d8e091c2ab4c7c7de644d37b0bb4aec1710521c12ee76289d94408179de6d14fff9806d4bcd1ef555be766cdefe937780e95574250dabe07151bdc23371bce7dc83817b7893bcdeed13799b5138bb0696595b338afbab333c555292a8dd48d6a2e2cad213179a3992c0be53c82cec96096d4281b7c95cd7e746234966c524f9d5d7027454a783c841250ba71fb7b9ffa5462084c5f4e7e85a093e6d7aa942ab2bfa6ebda4840e7360ce6e7efc058f544c737782deacefa532d9add4ce7b24b112a44fdd9ee93bdf998c6ca0e52720e003547c70561bf5e03b95aa99fc3e878e27f52e2a57ace4d9a76fd9acf00411460f7c92d2124a67ea0f4cb5f85bac9162b47c56fc8a4d2a519803d51b39be40cee5b0eee1462c82c6964087ff95ef698cd9fe650923ea331c15af3b16005049e90fa4f5039a8cadc6acbb4b2cccf004fdc76fa1a4f25f62e0eb5261ca30c74b7f78409a4022a2c4c5a5ca3ee19d709f38ef758b5066ef31b18039b8ce541f1f19176d383480afa65d325c06ed024b16fede9a67c9251d3e7c7161c83acffd52f3c7e12435a724a8f30fddadd9cad972f10e0800b49d76fed33a21f6698f61d6947467ccd3aa5af24db320235dd142949df56ea8ae0be8b5306971900a4d34ab169b70c9dcd35e62896010cd9ff8bf1211fd4b7b94528899de0a43b9fb3a02ffd91ece5e7efeb46db8f10a74059bca82e41ee7b0833588399b1fcd177c700ec53c4682d36f5c4359f4ae7bd7ba14f6ffe13a5d75b2d6a3923922b3922e5beed13602b9b0e6ecb5b568ff5058f070584ce565c824b7b7f50282d9a19945bdc912a253d1e9ba40e2c597ed237664039461a19e9eddfb385ea76b26521ea488efb100a295c0c690931222ff4467bb8d9fc5b73a8d78fad3d6dffe419384e70c86a7ee3d8ef0b551ed58e354a836f2ba01a0380ca3c61428c26a231f0e49a095a4b25aaed25c2ee1b74de72dc03c14ef73b76ce8949fe29bf2a537cfa420e8f70c639df5e30bdee440e4cdf599fec2b28f0b864598a1291557bed248a998d4e1543843a4723ed2ab08e18053ae6dc5bf8c1f23d6a8d8d7904fc0ea8e066b3bbe46de7e1bcaaced9a54f1e9d0d2f800db7b16ecf8ca53723593894116071700c352fe25daf686bdb4edca223c921acea18d8042386b79e2c279fd162df0205c8816b112c6105b3ebd537828a39af481869cb3ea317a32c4e6143e665fdb20b14bbf94b34eb32268ada57a3be5062fe7d4f4adcbf8c6f66dcfc8a3282ac2bf10abbcbff5c1f1ded46c25d28119a85c6c28cb22bdd0b7ba1ab13d742e22eed8da2f4f6dce2f3a0f9dada0c2b5b664520170d0fd7c6e093f7b804fa0150b875b868a96b65a721e561e1e3de768ac819ffbb1068c6e4c8051cfd4e9ea8072e3189e217d63b1625c816c22647a73e1482372bb9228e0962a78b84f3d5d92f4faa000b0deb1c54814305ca9ad266f53bc8251166808e327dc79d135ba18e051673d90642e7aaa88b48137a16a1acd04ed911258fe0093bb30d6f8c31474bd0764e6ac041ae36ecb9b3eee609d05b90c14222fbd1f255a373a3cef72e03aa9d980c7eca7eacb532570ff6858afd2723755ff790b6f0479ae87d244975439c6124592772e0c641195b27425bb056ac56f8953d24f85454e8279be180185cac7d243c5eb3faa9afea49ef2ff029a833cccc778fd03c7781a36bcd6cf08c11a970fbe0e2a625b2822c2f5a3230abfadd476e8b04c96ecbdd6ec859d284dc13885a37ce8d8118997733ec258a9fcaf239cc55d533638d7d8ee069cb0cbbf816bbb65d56947e75fc093c0ee742f6dddaa13fff98f104f74909ace68e51891440e4da0b65a70c66368270ffd51418ec58bd793f2d9b1b248e844336797ec98478f85e7626de4a019d385eb67632a7e958e23f24bd07d7a49e9411d64ff53eccfdd09ad10a15b3ddb30680a691d157187ee1cf9e896d032421fcb1263b9530df88f7f002e78ea5fccb60fb512d13df5083790d64c4d5dd1651cf0d2f737d7adeab84d339dbabd3eed5af6add95a9a6f1252739b1ad8c24a8abb4bb284b5b27aa7cb790dc20f80b15d4e891d784977cacbfcbb00c48f133c203d8a151612acf12457e4d67635a9513f3cf8c531952d72e5847c4183e6910550a141f12de6341fba65b0ad043350067f7fb873eaf29526a11a9b7ac33bfac1a5b1e4daae265b790965a275b53ae509a96876e2f8f3dc4f3cf45f02c61c0c19b70e8fe62e40c570a322f1b0b659098d61e4bbd6393c9111e6526ea173a7c8bf5f8590cd58a54e94377e6ae2eded4d9941e1aaaba585b952b62c14a3a175a619431c87f273e507e6040fcb07dcb450949ae49a23f67c759bf4fc791ba842aa2e44fea3bec53bcea3b7513ccef5857ac821fa74b50ba3f7cba1e6c53e8fa6845250cf8b51c773f3f8dc8b4be867a9a0242998cf32d552343bc8e460416382dcad07e70efcfab08731a97e7b91be644de7fe1f8abaad094e0b5cb1b01d712f70898b297950041a42470269d56260243a10353ab4cbed5beae847a7ff6e220b5cf51d92be1c60d1db1d2e5e7a07da55b26428fca9bc1921c25c5121f9da7815cdef1b6f2857fb6d44dd73c7041e0aa0f1968ce199ec2c5517597ce0a4d89620f55e836d813fd184325132fca8edcdfb40eab817c9349cf9c4f6877e1894a1faa00877a9ba7a98f75b90a9d49f53f15a858dc6a6489640ca02b0d42dabeb8e46bb726337353b7962f533d78c762373b33188e6b42f1644ecb1327dc03ab345e618bef575e8837d065a1683c022d2077d3422050e03ca119580f74cca14cc6e9746225ddc0f8c9d3e22e03d3076f98d83cb25ef0b4eba35ab2d6180b0bca7e46b6f9598b3e71ec378bd83e0a727608b5db0174071a673307ca7459bcf75fbd024e09cfee398643cbc3dc5eefc89334cacdc1d18f655c3fce66ca401d5f38b48c89af6ea2ef7311b482724a9b7b0bc0dd85c69461cce28ebe3e76fb4b931c35a169b0f770b62bc8f42a0b66751fe636fc6eb0e1e32e235eee1f970470a3a6658dfdd5eba0dc302bcd9a273f8bbb72be3a687b218a0aefd1d1a4be65601cc6ddc1520e7d04bbbe5494ae9d2f5a76aa1c00fa2fa516a87cfcaef229b342c437fe2b95f7c3c59e5f8b3e9753913f4d435b53c308854d9fca60b4bd07f9bb215d59ef5561c410003ef13d451727aeff9082c29a5c559cb990c9dffd8675f6bc2186971dc255a7cf9c71f1c9c495413f934dd1a1582f55707d4193dc27118a0f19a19857161be3bc32e6564055d5ca3e5a354acbef35051070e572e47d2c26c241ab88307fb534ba68236ba543ae44b22bd110a1d67380ad8a673226ae47fce7bff88e9c3305f971b5ec196b8c65b75d2ef82673313cf166c6b73f030b4f67eeaeba301103cee631121c2ec9232f3a2f028ad5c89b5b69b9cb83065d403869739ae7f0995eb5b41fac0361d157d9673ecb926af5ae285e19f20beded7d215102b49d5c09a0b337e84de8752b27eda3a12363109e80e8c0653fea13f91bf3c48159f7c24f78ff4d5fbbafdf976cfdc032e3bde78de52d6cc4b2d139a53512fb8cbb3086ae2e389bc7bb1e1c2a5e7e147703232a88f6e2230b853516e7b05d79744fbd4c9c13087408522c31eeb1f982bc0eaf81d35fa760880003e7ddedfef56acb3b09697f10a7cdd970fe135cf4f7bb55c0e3b59f3dc4876f3f08201c7c76cb71fa1da43959b90e1005a220e2ebc542eb9d950b1e2b8a61594b1f4c4db0902a8a395ced93f3f27a324736617f20abbf2ffd806f6d38913e1d6a7b94cb0f55994f679f5956ebd9629fc3ae5e9f6611e2ee05a31cef63538fe6ef330c13a05a3ed7e599d5f7cf67355a3333e6e143439161adc2d82e07563a3fe3bbe7e3ba84431ad9d055af53fde96fcc4b4ce72d7739202324cd492bb232c0b13c774965ef8558f0fbd615ba2fd310dcaa8781a9a652a31baf3c6869421f032498c97020180038fddb8e2485422afb467e9456013a2a51d4dff70213f320e7b5ead1024ac95c3b208610dbf4be00279ee2e0a53eafdaa94a151e2c37f0e884fbad9667e38940169d0a3c95d64a340bcb633f536d56e518742814540fcbc61acd0479dc77e3cccc0f5ffca7298f95e1bf9136124592c8d4825a06fcdf877f3865752637daa540ea9cbc474fc399862d3b9d6b76c8436e924a68c45b33e8075e9970de0cfea955afd4644bb265658fde58ab3c2b6e5132a39fae7cb95ea1649a31336092c05438df996a3e597bcdf75ad237b8e02e301f4091fb6bc85737034557ef5b8c02c0e46513b98f909b72e31dac81715466cd580a448cf82316c222aa19898e5058938167c8ab6c577dcd340d84f762eba80aa538b0c527f781448138f5f163ccdba4acc69819f28097e8527feaf77a97fc38f34216141515647bba344396e7c8170902bcf2e15551ed265bc903a5a097f61d3ec064d96d2ec75b6f114c23a4d7ea11331e7c00e73c8d34201a5b85900908db6cae92723617ccb1d45fb76f7c5a0bf619f979c6cf3601f78be6f7cad02658508fe4616098a97f24d240521d99071c93af3917215ef794c7bb58efc3b337800875b5d382a072f387624df552cea2f369918c5e1e12bc5e388103a391daabe3de1d76a6739ccd15de21c670ae7c3f6f3f1f37029303c911b921ef080f7736089c757404650e406e2713a6efee97bacb63e52c54f0ada01bb91f73e9d31ea2830a5e73ce3ed3283a0772443a0739141292a5429b952fe6a9a6653e48976138166de32772b1bf4058ae749f25eded36f486bc85feb3f0ab4e4b5fbbbb602b6d35bea8460aa8f8e58eefcfdf5990e441f0fb6f3fad709e211728efbda81692282ba642aafd57be3acbcb58ac2e496207586df2854b17995fdb85e2590b6109813dafa101ceb2faeb99c5e07b4d5de9d18c350cdf64c5aa3ddd458505749b2941217ddd59394240e88b16ebc056e613024c057be590b542eba86c450b76fb8c371afead6410d55534c9892a989183de32e976c6f04e700201e6b4b2a746ed40e1af829d1fa82daa10e5f6ad6ce374177eef023bf5d0c018b6f0e52b27a7a5d6a1a87373dffa53dbe5ffeabd223de0d4eacb9a3e6e53e5448da7aeed74714116f3b292a982238f83d2fde9264cf376fffe2ee4ddf4a988880da8849b052492b5106526b2331e526138258be18e31c8188555c2ff05b4d542c3069d3bb002acd8d7dd095917f9efe4cbc6e19e830859f2cb9f7c8f8cacb8d2a646922a0880a8f11f8f69cbb52b1396be9ad6aaed513b73148b7d49f70afcfb32f5deaeeae1538fb6c45901d524ee2f98a9a1d5317a33ae8cef33961c34144f84605ff764c617d3cd28dbbdd72be8f9a2766ebcd59621e305170616ba3d3dac32daca41214b39c5dc66674d09081940f030bb3825e8f631cc6075c0f87bb4978c08b255a5d42b89b0585260b6f2360bdd3493894fa4ea036cfc6433c3e2ee63b0dbe272bab69f8e13f14b405e038deb64acc3e0404646c57502b480dc052c4fe1076a0c97d09cf1a0ec3e19c7f2529f2b04ecb1fa28506ccb6f72b12c0245ddbcb2eeb7362ef83deff5c7813a67e14f0a08c5433a60135c32e34f46a71175850c6aca97005c68f1206823815f661028633435c378bb76d4357324dd7e69f3cd18d490d7b4576290fa60eb31b5fc917ad1b2f627fff19fda463cb386442eac2b3dc3992e9a68c5ae12bd18488bc579b30dd86ea612dec96096c5e0fcc8dd42ab6d9cf81d8026a9018052c429cc4e56739bc361bc7b2c033a83d663b8d9fb4be56e44c4c17332cace2124a1a836d9fc4b6fdc82d632c9fcecb0778afbc7924494a6996a7fa078cc36c46d02f9af3bef918bd7a728a67d909e714c0774e22cb806f200ac8ed3b4327bdd4ebbebcb2ba10a008ebda540cbcc4d7336496819a46a1b68f76a89f0cb91bc419542ce9fa43902dcf29c21d4897f78948b91f03172341b7b851ddf5058cf22df63d3344ad89919cf58d4d1e7b1e97b258c9ed0b37e02d0877750ca3559e5b8e1f44210283368fc165d44ee6f2c3f71b73125876103c8f6c4eb6fdc36b281b7d5eabf33396c2683a2cdc0d6e63aa8e41c89689f54970bb35fb73dfe25b4b8714c029b37a6ad3006fa85fc37b18c57097425b52fc7afbb69693871bd64012152bfb53fdf04b401193fa733fa9b25f33689e2adbe72199f0e6248ab2f9b45957ab574cf005eb8a76760233509073ed3432027d48b1a83f5fbd245645a27c4f1adc8a7a835976064a86d185c29dc24325934ee377cfda20e414c42e77b63637ab381e8be5f8318cc28a2051e4e127b92f5d98d3c79b195f2b2919cc138f8dc04cbf16240daa92d8d50e2b7bb35b9c6ca2aee2df08cf09d7016c2abd815286ba1007abfbb8415b83ae2cf26dd0dbc6e3f4c8043749885523d6a256766aa2750c19aad2fa1b32f36ed4aee6a10bbd480e4c5573d8f3af73ae0454bc5ab0bc60ac7929182aadd08703f1ec6a532400ed62e772b9dc0b86f46e583ff4c27cea8526af8cfee3be5e183ac96050f96613235062963ccde717b18f975924ffce04d92a4d6cb21c1494cdfcd6dc167e103b0761e60683e83c559be18d40c291597a100aadd814d197af4f4bab3a79b698eb3105bd82528f23d0c92dedfc08c7bbbba95c1025975e548cee86dfadc5e9f92a01c986bafcabbafd145520b130ff39bbbf981ac0151d340c9aa40e63e303ed4c69846ab36c2904d3ba8573050443cb001c138b2561a0d90720d6ce11155b37c5c270e5d84c793e486d798c01d884d247c6f65a96a7da4d1105d584ddd55743cc0393b1cb4b8b37d09ae48d09730ef30b64204a3088a26bc2e6ecf7602eaae339c4d89fc102edd9dbdb6a28915ab233b682ec355648e7891e66c54191b3d2d8ccb37df977cb6d9da15b76c3f3a26408ffa703a72e8ac0117e74ad46f33b4288d9c0ec0a1841b3b3728321e70882f37d10131f2a483a8dd005b3d14b0d90ff8033cf9437c213ee13937b1c4c45568264bdb65b97eeae6788aa3348e553c3a066bda8c96b9478bb0512f0a43028cbe3159ad04564bfb90db9e32851ebf9c8757150decbd89b0f5442ca3db4d0e0e2291d2ec3b3048d1a6f86c2c4591b7e084117275be999ff55a987b9381e01f96fae0b27c451c728867a567e8c1bb4e53b5dc4e5d9b495d0196f61d45b26ef33e192fc044e74dffea144f9ac5dc9f33955c04925674920eb58467fb52ce4ef72817c276c8e723eb46aef576537e9d56d05dd9db5e033da9c6fb5ba83c7a7ebea92dea61eed4bceec564a00115c4d213349f396fe44e7c05c16873b05ec425cbad0d7de1aca9299fe63f3e0041f02638a38fecb20817b3847419bb3de39a609afedc6a70712a252123c40d2adba6a11d8471a3cb155f8dc89bf3d03652882199369fe8593a8a330607d76796b35c64c600ca9c267dad0305d1a6308d2a0cf1c39cfccb3cdc9acc14a6e70a12f74560c0261595af6435015c77a7149e92a551338e08d98638c6fcd194a4b1e6992063e94424681928425f5a9133504de568f5f6df556f391937dfd4398cbac35e050a21773328bdf9a4b9504b9398284244fe97c2109a0ca3bc27f3e96597370d5c8cf03d7f5d04d189dfb634e6a85bb9d9adf21ef79921bbae40a577928b76d2fc3edc2a07a96b1f61097ccb54be14d6a47439b0c06d06da9666a219db15cf575aff282410a5ab2db37feedfdeaab192ead4ac0ee555ebe0ce426f7f9b2bef0706315e0c53e3a7161e428b65688f14b84d61c6105487315b1286f907165907aa8fc96619e4bb4c5173c2ce17fd8fcd40041c068f0cb929eae7a499e50248a3a78f7acfc78a0e1141fd37fa5b98d5bb769ba1a7cc99bcfcd754a98ce89cb86f73acc04645afd4836712c5e77550897e25711e1d96e5841df2166dd424a57127423d276bbeb4a528955b84f584974e92d025a75d1fb1eec33c726a60554bc78518d5f9b32cd6c651ddcd97183b2e40bc464231c962f64eac11f2cd8f0efa196f8ad173178e4a47d2983c8bd392b120b627e0e1cab49c82c7143c102b71c593d98d96093fde500e75a036dc2d7d2fec5da1b71d36ccae0eb3eed39d2bcef4622b2499a05fe61ecfb463472ec9115b10c292ef8bc986e70611883d2760c8bbafb4acb29e34466081594975a764c8e3a691fa2b3a321d19bc916108fc6938f52cb96f7e08794107c5807d0d927dcd0980f86024e5208bd14220ee66aeec73c49038385428ec4c8df707a948fac1b4a0f97aa554886ec8e7f8a7fb0b77bcb3b283af5be021448f788d986905533aba051261497ecffcbb50c3d7614917b24303ee6a220679dab32afe4567e1bf64d32a5527244d104cea5f2c22cb4a5380af7ca75622a6426917aba3b6fd5d186d28e06ff97135cade7fc8ed21db4f678f3b13b9d5ee1648908808419be897405321542838d77f8552267f1171a78ce0780a2142a6eb7bc4f3c882f2b308c3b01637c607ce05f52a2fed0d3180d672e08b4c5312dcdafdf6ef36fb89705ae6d743bf1e848c206e16a1d7d4c2e4a3297fe25a71d030b67eb83bfc5751ec3e9a4feab575962e78e006250dd5cfead94f5350c12c322b5b664544c159c33016884a62116be975a9bb8257e3ba3866600c3540f67c1e9575e213be0a6c29793a140a811d0c45ce03c1c93a28e995f98d56967d946471af29d7bf99f16cd67d9b6f0150c77bda2eda01ae484c6bc24fc1ab650b25b4114e93a98f1ebaa5cdd4aa0048b187f7182f1b9ce7a6a7217eedd1ba8c592db97d0dbe54c7adfcdf263d996281d984952c07998dc54358edfbe1afcf9246bb0d40eb4d8027d90f2e65f2f2fdaf6c699b223c61b1b5ab89e94550c93cd70fe748e6982b3439ad3b5c572eca050594c7bc3c36e7e8ab95500537fb40a68c18da59a35c2bfe1ca5545f0f5e5f33945135b874349cfbed4fb9185e65bc40581880c4f2c82958de8cfe8d317bdcf4aafcfc22149d77babee96de49b8b4053df9505e1f48c3a701c0682b056eb1587586b71e2da9acfe4fbd19eb137fdd1f79d56c7edf3365fea7520f2912d2b1c7b2826caf99687388d2e8f7ca1d33d0dfec820b41b54430b50e96b5c6f2268bd1d3d3ebaabb04d6b5d099425872488f88d1b2db54d55bc8bba2fad1bccb0989662211f61edae2e26d58ea92f2823f4797102ce1a1aec05359cc16dd9470e7a4f017a5476afb7eeb3f8b96f9bbf62768ca46b6c3b5bea9515d1a1fc45fa14d4fe2f19414de3ebd9f63d5c01692ca65f58e35d9ad45bf7f3ae5cfd08f188ae6372cfdc5df69a976e893f4d554b06997f04a7db92466a2baa6ebc8b872deefc9e10ebdc4a2333b42b2dbb8f27b65807a685d1a9ab3b599035bc566ce2b9d840cc5d906c3e9c84374c8919d2074e959a557f5f6beb411fd954f3f34b21c3f2201f5191c4e92cc5af043eebfd09463a835d3215755c435ef4fe9965a3f2a0288cc0ff022877bd3df94bc9360b9c5d4ea06fbc83cdd0a06020c35d50e1e89ab7ee6f5f9aa5cd17ca1aea43ce848496e57c6b956a6521b28495f2886ca0977a86b122d4358357d834a87ce618a55de04e0928de075538c593fbdabb0c5ef2c3c0f168ce8900fa56e57789e2a2f2c9d08c6744c9d42ec2cb9e8885b54ff744d0f1c1592588411002af340cbaedd6fc33e07413354875be01a996dc560274708e67d96d458abdef21792e6d8e590244e7a8e864d04c95572d1aece099af852d0a7143d7fbadfa4693b9eec507d9d3744372da7fd6d1302c0a159f6436d01e9eb06e0721b2c6977135b916ef286bcb49ecfc8001f834f6a5f0561080d134d53d294b04a686b0ad13dce35fa99fa4161c6561b4a64be663682e8cb037d9719ad8cd3621f1454cacf995530ea53652ddf8fbc15da1f2b5e5ed6e6837a3802f0d159368053af2923e00204c3ca7c6a3150cf72dace78f80bc92e6d7493423d729448edf7f28ac89ca37bf1abd2f6c184fe1cf96ea64f3a1aa2fd00c72faacf0cb8ac9da8ce53cf0240070ce6c69c48cd588ee82489c9737cc245530c7a6ebef3753ec7c590f01490190db0ed02a5070e20f0135cf8659cfcb13224cbd47863a34fc58beb22fb694d513edcf5533cf006dfeae9e3cfc48eccf81a0d57663e129aef3cb28267ab848bcf807b2ed53c3a8f8fc8a7a53928fa4dd31e82c6ef826f341daec1905aedab9bf2477edc068a355bba31a1141938ba2c2b13f5505d7c424ebae5f1aa48fc4880bb0c9b8a3bf979d3b917edc5689792e08eb2e219dce49e64c885b846c260d715e5b854ffad5f70a516c88d58072be2820e8682c0a27c0518e805e6e7b33fdea3adc80ebd648fffb665bb8a8ecbabae151abacba7dbde04f761c3732b30a250abd6331e03a2a1f16466346b6edc1cd1f36e45daf6d7824d7bb2283670e8a43b246801ca1eaca97b3e1918981e74d678581a3bb7a720b019f4f1a93e0cf1f47118daebc5b16269099ad734796b9bff013acedfb1d140579e2fbeb6371ad16ad2c4d81f348082ff6c4b2076843fa7f58b7eac7ac872209342e62e8f131839b036f63806cba3f47b93af8ccb5f0adc8838f4bdedde4ec2cfad05155893b5dca501ee1e6d8cd7b905f4e1bf723e2a2dcc36a08a345332c751b2f2e476c4558dbb6f6f8bb2e16d03b85bde76e2cafda332245e2af431fb7b672a68b659d632cee946db83e7a52ce5e8d6f0fed35677e09724f0e2df9b6c000b75b5da10dd554f7bb7be44a7267068a7df88ddd20795c7a7a5ec6b460ec00c5841019b9e9fa3a3c407f82377f55c19c5d403335c7c2626d850c80ea07e7511bbae4c76f4bce78d1da254c0843eb23951ae077ff5f8e82ab7243b7c66d768f1b8ce1c967ebe0ec453e28e061cc58ac43f91dc2f3f07250eb93b3c18cc9daa29cf58af7a004013a006f03dbc5392effeb8f18fda755301ad0e3bd5cb1627a2044908a42fdc24d5b995358e7798bc7e9d9db83c612a5ab88b15733f543179858600245108dd8b0b183c207f46f0cca7dc63b2604f5ccf9028faec74be6ec9b852b0a542e2f398f7d807e1f53eff5f9efbe5cb81090fbfa83a11a198d5a7f0bf77a1987bcd00602a32ad2669e6fe298e607fe7cc0e1a0fc3cf452d3da8402bebb765225ce8c0e3d8e28caf901313a554cebc7d32e67e5e97ee2054defb209c35fe4dc94599061b86e8d03fe992d1b0e19656875ee557c84f7e69969dea92a925508f7c1f9579af4552671f8909587cf485ea990207f3b362e80d4df43b03ae6d3f8540cd63626fe8c15fed5f808006ce95eddb7366e351efa39bcaec6f390014916069369453692fb0c6d1758261f10d052e6e2c1123c22ac3c5a5bf0b520d281c122d1490650aff1621254f7c1be92f64550478c56e6f7e9050c92a851b0016442ab604b0488addfa9b7e234254d26e9c7f2af1005cb8c235f89a8143a28a1d6067e959dd858847cc55b7032108eee6dd897f3bca8a5a67f096809415ca1c9f112d96d27689b2a084e55c87b1ebcdaad1f62fdbbac8efc49306d97602c8ed1be1dfbf0835eadf9a40a4780f5e1306c46f1c8daecee3b5ec91aac30eae62f4140325d09b9afd019b650660b253761af189682e03501dd1fc214004c9481e4c8073e85323bfd4b3b3dbaf68507998acd6a5a5254ab2d76ca8155f4d27f205953f9d3d7974bdd70ede7e2b6d13a41ddf9f4bdef84fdc737dd45045f8c68db9f54e70c67048d32e849c9adb18e44be0711a94e827042f63022fb0cee7e1f3bde58293de743871417aeb3135b436aa55373822c010763dd5443feaeeecd7b2fe2ae2e26d917b6477d98d6f58ab0dafbb86b083a001561bb3451ef186e18dc00c2d31982567235c5594b0a59ddf11c58e7446c9df0da541a8467d16d00201083a2b118dd5128dd6f59352407221afb776e3143e8a1a0577885dd8eb9f23fbd362da0e3f4e70b878c16d516b13671a4179d9b7b458a6ebdeb921f50893f80d6830d62765ffad77217427504adad8bb96320eb3afdd4df6e1f606c3cf77d52820cd0fe646d38bc2145ca210f760a89db30aa72ca258a3483cc7f170c944978496731ba71f34c25826a340efe32849d230d7f53049ddc4a4b0c60704afe073992cbe4813cae2f7715336f7ce3284b743aefde80ffd9aec500e0850a113ef6b61820daa5611c870ed8d5ee07871915a8107172b3b5dc15a6574ad3024d7f84fff11dd7e8d9c510137a2381cfbce4c1d7c425baf21d6b6f2babe6bec2aee86157b4a40b78132f1e71a9e6f1d56b9fc4b0f1be8871f5e1c40c0067e74b0250793549726d5c1ea3906726ebfe20aee3a5f4643755a79ee5f6a73050ac061412e4a03c02f9902576ec55ebbe775705e1164a8394aace6018e27d20d237a64c94baaf368e1840a1324e839230de01882513d5fa7c329e940dda99b12147acf4b89d3d503d8252c9c4ba75ddbf6d892c91e0a653ba19df81a90f89d99bcdb6a1085a27ab7bff7550f8a3bd017df8aa169b49b583a2b5af89203c2b78c67cf47d0ad31c4c49061b9e505593e3db98f57a2f557b098c43f11ab969efe1504bc8fbbc86abe8bd6a5eb6a3b4d0411301621461af90cadfdaf0e8d4cc25129f918b6dd7db9af49e67306feb59a8bdc52ca4300b002bcfb71f291dac175d52df94e205ee2a5de471a70c1fd1b46033a75fb56a18e0eacdf51aa2a5306b0f5332042a9d121cd9c3a1832bb6d2cc6bd7a8a78b5040a8a5baf3e0e67386c2e3a9b9037634ea65a4e6d9041cfd3f7de18e334a24896ee4c6526356cc127852413ea3b423ce1851341ec1fa9e0c259de10bf87cda0d1111d2dc5d489242e60ebcbaf9881e056d2b0ebd5c878c550da6ac5d37243e89ebdb49f712c7d90d1b39e348bbbf6d0f846348a856321729a2f36734d1a7430c3626b879b4005d41b8a46172e0c0ccc0aa1b81bf81e16c676ddb977c5881c4015b7f368e6b4871809f49debe0579bea5955b308361a1b07bc55042e25e547fa732b517cbed14a48843d74526c11acbb6a3b884f4f88b3a8e3d44c636cbd81f4477bad7af3616c1f933a02bfabe4ed045c59a90d7587d8d671b5f5aec4e7c0d0871f0806eae32d30983b62252da501cc3633c579a90cfdd895e64021e21639f53d83ec0691550f7d2507d57f4f5a2d2ed45a52bc0edfa11c2064e9edee8bf043c3d7e489c69b48737cc0c92d0f3a24daa3db355ef2b0e64b472968cb70f0de820a45f1dfc7b95282d10b6087e11c090794e3b050f815354e3e29e977a88abb7892fb3c2f009c65f686f6355c895b574bba22728b6185eec06286af6bec36d3df1d4b96d8976ff5986393e8767f5b28d6dc35e506fc23349dd10ee68dabb6492262bf907af914b95a0fc33c3f33bf6b55ec28c52d5f6205684a473a21935642f885d0fbe2e131bfc9d98363e55d1d464223ccf70bbb65a3a4aceac37e210164b6538a44a1dfdc2b83477cd76dee98ec8c41c4a18675a74e01c8a20e8a0f662c4b31ce7d95c75ca70d50c19aef08bf158e4d44e550d0f7ee0a23d6b02d9b0db3cef96dcc9b8035d23f69e30bb19218aa3d68b461bd9d3533ee1dd3ce4628ed41c1d4df596d01da60385f0bb17a4a9e0e6cb2a3c14431b55aa50c06529eaa21b9232fe81225bcaef853ae32870a2b0fe6395ebd0f4b478145ecfbaf939454fa4ef4e3b775c934dada217712d76f3d51f168908dd3227b8358eababa07fcaf0912ba596643cbbbc20318224181fa46b28d240e3d38a8882ecad8633c8f9c78c9b0f840be9b8db4d3fbd5ba2ce59211f55437d7d1d97917cd627a34a6a0fb41136d707329bece455a462b58ce00d1194c95c936263f3428a40227908d5a3847c0b1ce927f875864094e3906a4a0b5ece688065d07da4a77621450aa84fee5656d9eeb69a3cb92300456b6a5f41620938514e0cb6fb5fb446d1c92ede2ed87801886cfe0e6127fa25df2a0ef2ae1067d9158f468c873a32bb0619eaeb2050ba45d1e744f91c29ec99f0e662c9177946c62789fcd07f20b6785b92134bd6c1d0fa426602294be910b1e3c4571bd98c4d5484c22abfa379f38b5b0411bc11fa9bf92fca75910166da03ff9d4655a0338e6b094311359ed4969e8401880e3c1836fbe192977ae4d2ba21425a59afb269c2a14e9c01802ddb981e6bcfbec0f0516b8e35cc1aa436277138f61cda703991069eaf2ab56412b1163ee131e1246da0955bd1c32d9bf27a3da7ec8163957080c8628ed79aac075930c83c2f1e369a511148fe287e03db1d99e0ec2edb90d079e142f3fec8d47d412bcbeece3d9128ae855a7a6aab1270668d8cac7cef2566a1c5f569d93ed5b6db83be78efb0d05ae420158e54a367d629152b720749e187b3eaa11bfe7ee8fc1959cc7214fa21c4840dff0adf6d2338b2b8fce1ec2f6dda0a630eb09908279ebbf1f9b250ba689db6a0222ba1140a3d0df1c81e24ae954d935e89264fac9ba115140ac4f1c22da82aa0bc7f692f93be8c7a41525c0baf2076aecfb4860320be12a1c050cd7731794e231bd37b13b2203029ed80337f27127a9f1d28934815ad542a4a7c5e8a2dfa04fea9f52bcab9d935d219641434683dd9d18a030b8aff0438617c055eb55f0ba5d226faec5aa0b7846082a2415f0902f0da88f29ab0d88431732957a618d4a469a0d4c3b706835de79a2b4e80506f582af3676aa9b7ba70783b617e9998dc4dd82eb3c5b8c37e33defde51cf91e1e03e51657dafba9d88164f3e2d9109ee770223212a0aa68c75c4a77c87f97fb686b2f068676fed33392d3a48aa149a87a38b875ba4a2387337ba1e0b0249ba90f55b2ba25219246444d94f081e3549803b928260f56d7322ed717dedf1eb4e6e52a37ea7bcd1587965fb4d4b5afe8428a4a024feb0d31b3b31a1c2f8a370206f111127c0dbd1e48c4420b7073bc11916c6c1de226bb7f975a56c761db6506eca0b37ce6ec87f33ba15effa5c10e873bf3842afb46a66b180037abbebea991d8b1232f8a8ca9766d856ef1a6b02f93d894415e6bfa0e298923c8190045e91288b430794814c408fe2621d8e716b02ec0da35256a998d5d616dd38211ebb5d6ec52986674b6e4ef50c335cca9f340bde656363ebd02fd03e0704b5690a2dee1861dc3ad3316c965cc2c8205a05d7379fa3a6386f710e10768281a05da9f27df178b5c39a5126393d65641ff3f1586614cf2c1ad240b6cce5140df15d046a66883807d18d0264b021bbc7ee20b71134d53e20206bd6feb82b8a3434904411a9fdc43ca87cee70c24146db4eb48c718b84cae0a0799dcfc883e881bb4d22a7add958f2d6b052c9f3806734b256c27e41ec2c6bffa26d9e784d2004bf28a2095230e8e14993d398de515df0d202ae52fcebb14295743063bafdec7005cc9f14302cd0474fd0f3c96995e1fda4a2b5f55ef0df50868bf2a8fe17184bcb70dcf3942c54e0b537ffc6dbdb106a0560c4e46ccc488ef010af787a34bacf839b923770b2c360eefa2674883fa5a432ae55c253d0e60dbfa716723eddb904a6db773755d2857aacadb1cb06d70cb65d15211726dcce4c0e971e21c27ed0fb950b856b06e1273989422e7d3537d9b6c927223c796cac288cced29dfd736bb10d83a904aefc1d6ce93dc54b89ac403da7947a183884c18a67d3aa8deb9141aff1412dc76340b3822d9ea6c721019c8091693ef5c5f55970346633f92a0e2a2c563d57df27213ede1ac4ac7801579779b98ce9edb98dd85606f2c119d20b5e1cf8694af7a3c1ba4a87f0730217cce53cf90577442771720a370c3c72358c54802a9fb9526cd0923353a34a7ae5055cbf43fac3f7e2336b27310f0b9ef456ac9b0d15a8b7f1e71073221059886f4dd765c12f2ef67f98f3558c282a9cd7fec306d1e665bc9c748b5d2b99a6e97db576a7d2453575f29eab4bac787b91953c04118df112c13a8c34b38343b9c104ca82782c5372a547c104929f03fe7a9d8700cbd38cc9f30cecb34f0c195b137b4d168b48157c623fbd095b4a565b5bb4a08142c38dbe374195d41c04562d9f8299a23a2291e2126b91d54f3601ec162a89cf525e1d9f04d16ce31165e139a4bcd89fef7ffdd490db800357f47722b206c340f25839e6acdc73414517203f5f02290a7385ed77cc5592dc2153229f082a2137a2ae8e39b5002a3f8909ecb88fe43dd49b4fdb9bede653e94468ff8df1e31857b449c407203749ae32dd0e7d64a53adaf494dc89ef7196d73636eb2451bfc2c7c47b918d0c2d792a719dfb602efdc58e3a306451c9d670adcd37004f48f1b0114c51cc532ed34e1954b5b9e4b58a1519de5b5d44b31a01de013b9b51a80390e982518a50e280d8e2b535462ec1f708f3cf8100d5e71834b1db77dfa15d646072631582fc240dd2674a7d063b0408a1e808b55fde9455cb3d8857ed88389062ddb6c727310e76b6200b7c71f63b5522a9ae9a99880d39e5daec35375e99943baa6762fa81bb43b39c62553b2970d731c83db8d2ff01bdc000083fd3c374036a16a2505369e0c922b6ea7a23a56d2818f4654ed39a1c147d1e51a00ffb4cbe5e63da79fcd2bebbd7cb8bf1c1d02749f36407ead0629fc166f14dde7970f684f16c818875d9fcb6867c7bdc89be7ebd91d1b4d82419de8a614abce9cc0e6d4a26398dca6f47b49876cbaffbc9954f9b1563a78ec59337587f6ab6397699afc03f544613917945245041ea1581df0c28b4066554730ddfaa0266346bdc1b202754dda4b1ba34c6fa89716b85d68532b6a2feef8ed6a9fe76d6b3f30f02150b468b1fbe7f16e4ae3024973f12f3cb31341bfd20a38bb1b0bec75acf0845530a7d6723e7cd6735df68d1ce4c704c29a044e2545f819e67f0615003dd7e04a6087db2b4182156b2f1f817860ac9f409ad7a5e0ff62be0b08456fc7f1e88812af3da0160709701140704575d499c997b6ca1e6e0a04d20f50967c64dac2d639a577c6bff625bdb0393992c9d4db0c6bbe45c667d53acd899a97a85de0c201ba99beaace49c7d80767cffec0e513ae886df04da04049a062f5adfe81b67dd755ceccaf21d0c97db2e27e13572cbf59eb343dc9f95a0a5af052bffce5c89917335f67e58cc5ca94270acaceed13bc82dfedf7b9d487a30398d42ecff55c228ed5652b8f1d43620bc6bb580df6e80b0dc05c482cbca44843a864533ec05b321ae1f9d1b59c67bf196a4758191e42f76670ceba20d135f0f28185b84a4cf7aa51f295009c3b1830513cc3b8fc4b76635d32e692d6ef5f7fa914c19931a55bb262ec879ce19347e1c3ca0c0b97de5fb3b690855add77279f7d325eec933f05b1672f6a1f0eec27c419d0fe24e53c90338cdc8bc6c60d060b946d6dd6145dcbad5c4ccf6f8597a6cfa74defcbde3047c891d78f90c6036a69be21cb660499b75718a3ef243a15c7d0bbe60300a39f76f8a5ba68963b712de48137572f3849aabd5666a4e32cfd4560539f887a5e420412b370b361c7635bfd99248a2cdef8249ef7bfbef4c21002f464c5fc5bee3b98ced83963b8ffeed84c7cb1ae7bf4ec4bd78275bb98678a1491514b7f1006d605e9161946b13fe78a8acf5fda99de95303940a2420c69a5b5995110b36a9a347898d97a610e4a213d37242bdcad8e7300e202e7caa4fe709c654eac84d5239d1a12a4f71877571e0f7e2d992e738adff8b1bd43a521fd06b8ea02fe5b1c2496fe1700e9d16c7c9d0b1f96aebd7b5eca8c3edaa19ebbfd2c5e4680d9a01dba3aada5ece2227047a658229eb2368a99f1d032c8848542801c14f07f9724229175b8ef8b4585a8c3e0c62ee91db8dc7382bde7419bb573184260348236f9554fe9375772ff966e8248a99e81e752cb9b41da3fc43fbe7ff7f580e11d00a75814d2ded41fe8e8fe8ce6790cc6a94e65f17f908f462fae85208e43f0e45c4c78cafadb83d2888cb64588e674d3f0faf985047d4c3f13ed0dfeab05aa91085b7a8012516bc35339588a3363abe792db2d8761d6403605aeb7a1d50185e7426cbb0acad1e6ca74b9aadf0aab058ce179e4f7ab135ed4e641a909c6c3783b4a70054da74f2538ed47c62b38c2df6a49b97f706ec9148ce48d86f197002b9a0853eca5e046d9ca4663d545f31d16b1058d586fc3be7207b5805355b1927fdafef39c48e5b73b5d61ea60e8b1cbd05f6e6a358a81dee52493dd06285f89b802bcb2651801455c86d78f2ae22312179bf43e61576081a2f250f845a8240cb8235e9c493a0c30607586166c0c048b3a434e49e655c1247efb389cec16e6a3326dd7d868cbc926602a61e4d0884d79963bd8bc0ae9b13a1aa71add7338ca89564b2259401518960f7a06f94babea47ba24142ed16b7d8fbf2c740e0d6e7d2da6d3953058db75714ac400b58400e26af6ac3b1c1c49d7c3d79c60d000a3fb4fbf9a6f9cf09166aa9c20cbc1ad0f2c9a93eea6f38fabb3acb1c31488c69da187a7a191431db943a9a5a6fec6f42f29b6e3abc6ebdefb55456ea6ca5dc81e1d184167ca7676cf665225e236a3d23eb71f6293a2a31f3569e10af6552658a113c1ecd3cace2237256f4c712f61b536a1694bce9815b7e38a9dad05ad42e00a0a0c8aaa00ade50f74a3f0ca981ed73473decccb0509fb264818a7512a8b9b1896a3bf730516dd643ba67b4c447d36a7d8ae4569120b5bec12e7b6e9648b8683f97f4825290be4cb794ec6a234595f7d771e0e8f3633ab54856925ecdefc5ddabd8d2ce74e782c65a973ef76fd540b6eb6e75fddec0218351dc5c0c84641042ac2406e835bd49c70469acae337d292f47330643ae134ca204bf6b2481fec470e095e054ee94774d6a496099eb1cf6a97af4fb322bb5c8973ade16764156bed5680522b8e2bb01943234bce7bf845342b6d65b9a9445c4271ab9076ead5605a4f284803bd0966cc24fa8683a34afc6ec44e503833b64e9f27197a484f4257c082c2559140b95ccda9c6ca4a8b981f1e160c88652d47d0be60bfbfed25111412b20bb95ab626d93fd976af958fbc61ba52292e0c763fd027c6eba6b8f494d2eb9a3d458322d70046f63dfd8b0153ece4a42a596fc71e17828440030074d15e740188e8b8b014829e2fa0f430f0a959619adeb82fffb5444e81fa0ce8ad8afe7aae5e3ce40e0404a45ecacaaf05e5f735c54e7837e0cd0ced286cb5995327d1ab4d2e7bd33c475784381a64e43e50922ffe2d010308a6b3799a3d9c728ee742447501e5d4da87ac39d782741cd794002d147702db07145348245dc5a2f2fe5683491442df5f88c6aa018e86dac21d3606fb2fcd534b0ff3bbed73cc51df620323b571ecea16a9824023ee1af16897a582144a3f71a03ab7c4f46f9656608efdb24e4e53aa080247bc31d0eb4e7aeb07a0a58149d355f02887dfbe55ebb2b64ba37e7e69ea3384874304911625ac34321cf7cade80b7cc92b991cf4d2806d6bd78285ab9448d2751ee57ece7f762c39095a01610228fe998f515a72dd730294d8733ceb07bf4eeb3da587e268d663aba1ac8ba76c279269b1c6bc8a07e38e78fa4a4d2f0d23dcc84ce983ff9157f8b7f883948ead63a9f2944218de038d89343056a61d423d02a1c56250dc23ae7ff12f33f67fd97162d20e6fe27748b5b3725092715518c875999308842e3455eda2fe3b24d516bb65a5a58079f0f3526c87c571d72310edc006dadf2190caad58029833a029f04d76d32e79367c4b3255dda4d43cca4b3de2097b9558efefd0ecc358868d13cf26c4b4f4f932e3eff990093ba25df35de87aa441b88f22a6c2a830a173210ddbeaa16948a702b6049b8d9a202c4851e8e264415c4094e4e85b0baa7cceb86d510361fc23b59f18c1bc9802cc6310ce61c90f3a46e340ee8257bc70e934122cb13c7a474c1976c9706ae36521d6c14da109e294d1e8155be8aa4b1ce8ee53a0a2978c28872a4505bdb51db06dce034fb6b66aacc1d48f445ddfb08da9881dc9bdb52d04dc20036dbd8313ed0559996535e07258a7bbfd8b132435c59627bccfde7714a1ebadf06c5f4cea752c1a9eb812238f753132652ae09963a05e9d38901788c533e8286cb6400b40b386db3ba8f1bee1238a2f37603d90b58898da9078e8653368c9c291ae2f8b74012e71c65cef3dfd1e00c0b03923a1c591db42de5d16682c3c35007e4e92982f1a2bae1d5be1c7f2f456670de3d53c7b54f4a2c89109d42178de8a367c0228f169bf85eac43aceba42c8757b54003a58277b5905056c1ac1dad141560467e0a99e1cfe6d8545daa42d5ced125a4bf747b368839e4973ba3321b80f37d9b55f63ed8b82ba8698b79439589fdd2b0f7218d8b0781e5f81db77c596492e6f1a5a792ed53838e8afb1ca34354ac209f53d90c3a43a284df1155ec3e67286080500df36a9ab495ce63ede0f4efc9eec62cb947c162884ce4bb65d328ecb03c598409e2b1683bf55bbad370a8fcad1d09b005e278c2e3251075554389fe91d17a794861d47bcd758e8f59dfdf06a852adad277986ca26588e932c7ccfa1df309280702fe1b568a83eeb494a308fe5295da69428a507f4573fc71c731d5c362f0d7860945b8817326d10d511828f6b34fa6d751739e2dc4c44f624d600aa568390f1f1104aa07eb3c8be3d411e8ebfab08eba5f496326c8dba7d0df1c4a79dd07646be9a26c80ce2ffd21fc958d9ef0ee9ba5336e3578e2cfdc275761edc592f73a076197c33b51a15f382ac914391a58850ab343b00193002e668758ea9762904da1a22337ce00406144c1e7e35240afed70f34166ac850371fda6892fbfd1c5a5b457e5777c1e39d912d21c91dce811d6da9929ae87810ccd41bf26faaa2c4e1f20db70a71f91e24dfe80012e2a7984afa4480a6d6e702e51da2c0f5be4dd354bb3e295d37bb04af0f7ecaee4aae62035497da1387fb60d411a5c5b72b2e7d3527cfc84fd0d759175de8ea5b1d9a2660e45554894fab1a4d0dd4d48a2ba1077c4494791306995665640dc319973d3173a74a03860cda11e8cd1811acb79ccf0fd62cd58f86d94e18a8adb4cc0f623f7a83b1ac75b41cecc7a77928ca8133fa24680a88d2f9018b59ce1fd616d874afad0f44ba338d242c100dc94f871b6d7215b868a875f8944bdd9636749a0801c39b6e449dbedcc0a271bc0ecb776a094786474322cb824079016d940210b4ae9ae7d41c4a20650e9fa1f3e9e66792401a6972d477dcc30829424ffa0d3a2547b6c9622c77de0370222949cc0db89ab32c9969754d475871f6278d140af599e06ad9bf1ba03cb0459a4ddcb586f24efd9395aa7662bc7c7c82fab8c8f89124e2ce92984e04fb4084438b7aae55a0638073ef798e50b4efdc87c13749315c7217cdc4ac692e704c2812e5cf6d8f21d69c91dddeefb792a7286674e3082feb7e5afb92777e48821fa51fb975227d6640e4fe47854476d133a0833c8a1817526ac555f8d67727caf66f3e29a35278d71c7f654958712313242df45244f09369e16ea3f9117ca45157996009f2374006606f4c0b0fda878af1d282ef263719ab842e05382dc235f69e5caf41d62364d5b41a893adc1a9dd5d4fd5c905bcd8c3348ad1b35d7231ee2b17940ab47468396569a906f75ff3f20eff93882cbd8fc7fb794c1011d63be6fb6a0872cc5b5ca4cc25076f3d868e1bdf84476b929e30dd0c4e8bdbcc82c6ba23a535ab76633d94208236a2e829ea6d8887bb060764a818184ebb1cc0d43d382aaf29b38f160f87ae86df31cee1982066ff09696910bdd874a99cd74c8f05b5c4450905d7b2216bfeccb5b41016357176bdfd7468ac613286cdbb40872c8ef3b06f3f1b7fc5a8779a9e618e1f23a7b786093fb9d4b16aa750c7475b6d601c35c2c76cf99d3614e23eabab16fb27e944bf91ee3dfcd8a0645a25a35977997223d222a50e9c2d6b89b95bcb416d6857f8b45f9be311e65d81a9ad8150a60844bb94cdc960c46c38bd16e953d97cdeefdbc684671aeaf49c792689533b00664a5c3efbb7946e7d85c81a9e69fee1cea4a087c3546ab441e56fa333f8b44b610d95691c70daf247944fe3add32218f914c75a617fafe5f6ce2f1904eb09d2e80a4cbf64c22bd444899d3b6047a10b20a2f26db01e9565cecc4e989123f9620c1d09c09fe51510c80bfd6e5d78a164cd5b1f688e077e1a544eec4f0307cf5c3c721d94428e209b61a52482a0ae1cb9f5959c792ff49cc40a8890e6a60f40ff3026d27308edd72158ccd2a879f79cb2538568fdc9cb67ffb59554ab1dabb65bcb370ddd93d779cae2d46cf6a8a99a35ba4167977e48e13207341b6bffb7fb1622282247b05311655a15b75fab86956663e1819cdd10ec7c16cbe9de8fbb1c42787c3ec264f87658ef0de194413056248a00ce00933ebd5b07dc7e407752fe773eed206355e1b18c4c6a6d31695acbae3fd70ecc6674bfc5f6b72706fb769f5e93667bd23a50abba8132a77191791390c3eb19fe786109d400f0ed29e840b47ed72777c8482965d4ed8150294d4330ace00821d770e55666a4ad822e0e34299df3591d979c73dfe6c630edb4c1692db67c510f65cbcc0d400288793e8bdcd7c19a8ac0c2b861dc9bd7f4e7dd3cccd534d0ae2a2e93e313b9badf12632cdae5452d20e1af68b0dc65f996f98fd178a9defd0efa077ee8374ec4e4ad797d42350c904d73077af4732711661056eadbf798ba191272ab8c27b7a1c450ffdacb31483454e0b54980ecd059122ce2e50136bda65c25e07c26820b8a4c1b3c2aa868d6d57e14a7983adc9225e4deb67d7ce42d58fe5157c8d3369c4c086f236fabf61d614a32818fb508ef074ee78a0e58c68be06d8a2ebcf9a242b70f45317ffd281241fa66502a9be4c2a4041cadbf9d61ae16dd1389e9683cc5f89562ea48e72bb321d9f03fbeffc299a1addb07e7089f9b269c31f2fcf1f78fe923afe05f7597da2be7a3da86a5889bb0190d0211a991f47bb19a777a223c6b3710f85df22e9377d6c4f75536c1da886822c67822bcf3679d04369fa0e3a37aa85a14e359df74fa77eded3f6d1ee59e20ad01cedc15f5118a762609981ca0262c82e712e50c580c032d99b60f3bd5ad57c8389a8a1a541a76be463bfe56b06c51e1049195d7b26d043c478a0792c7b5aae4a79e78aaeda80516ae2ac70feb62b69f16e0238f741fab228fec279a49b3e3762632813f9e35f4ba53d6cf52378e14237225a6f6c7d802dc6abbd8d9a0adb7c204239c9635426f35c9522bad5f33780c42f2588878a9d07405083ea8fcd92d59581717e06eb187f10666dd82118376df344b0010f53909b961db34e0d67e54ad6626e957d15b08ae128a6cd0dce8fca267bf1fb86cf43e18d55985ca3e9b122f61f8f06494c97b1afccf386e8f7ab32cfd12577bc2619bc635690363763e5c3dc3a68b399058c34aecf2c4fa7c62536118cc404dec4a0ca88d4f60c0a7566915f4f24853fc4192689aa7e2bd7f907b7f5b6bbd91822c0c7b835f6359f38463d487e9e29bd20e24f0c050a7f53f8c6c730af6aeb52e66eb74d8507c0826819636026dd1f3674774f06c51dad3019b856147c17e82a5bead782d2a8f016e59c7ad8b1d72903bb1aa5720d5314d9e8007c9b41f57891c48e07c23f570966289037ad9846c5e994be2a91bafa215a71a12769b056c3c32e7299f1c5edd9731321ef4e063ebbee79298fa36f56602d1305678a8d5fdb372271e980da6af0dd4a99fba6075a9494772b58f952809701a1c165dd9420816bfec5edd6c2b128fc2782ea7ef51c1104ccf7b9bea13d4edaa105d5f53590338791951e38c3ad186a157b2992e7daed3677ce8e9fe40f3de2334a314a7a72721f1f74a6cb4ceeb7087c1f4f89e63af8d46f3b2027115346771d1f432b42343f56f791422a49916d9c547cf146054a5a720606a76944677b5b23f4aadf9513306bcd59afb6e4c9512c5cad6c37edb98ae91c8a76c3a29154072f485cdb7897ebbcaf75251395610e4e946668cf2afc4299b462b812caca59f51fd6937412b7e56ded1ea2470c257a674153c63cff1ad7f0e261c369ab2ca60937eba57758ed45b6d3e91e8659f323ad3e314e2a2b43b4c720507cec07239a1756fd0c741126d7bbd4b692ccbd91309928d4b100a5d75adff48a9bfc1ddb30c8e1ca872524fbf7ea5c519ca397ee90db9da4fc5414ab55a9fe495d555c069aa42b31882ec039965f3c4923ce901b0ed9422357395a0d4879191c66f4faa2856fc81623da2150ba2210ba1b51d241489d0396e6826eb0c1e611d82ca8b215a424ed4bd3a7d6aea720b86d4a360f75299fb2142d7de959380f91c01c3a293c970af30e481057c48f87e101b61e69940663a4ddceacb40b095eda264a85f15c56352739f59643540a3a6e16985f62c7411ae1bf081d1674ca6091f8c59a266fe11943a6031a0e6114ae69c25761798056468d5607a5aaf1604ff5e15593b003b069b3415151fa7217e870017374de7c7895fc13088ee37f511913bac71fa66f1f3202d820180a39f736f20fce790de8eaa32c96f620053cf442ad32258076b9a8f8f60264024dca151f164729b76c0bdb6ebd0566994d14a1767f14eb6fba81540ae6b0f6ac6e155062f3dd4f0b2b01f4a331b7a22d1b237565d8813a34d8acb197ffdef2ddc3308584dce7afa3661bf69e505b08403ad2298b9f262659929a8fb5f8be2aa9d6c64a04e3ab9f63feeeafe434653a898da20044041262b3ac74b265ce60fe4c5384e622b09eb829b8df8fb21ee7a2207526da55a679f0332de2c930eecd01935feef55942cc445f708fe94f63f579e05cb49c05c2d050ead9c02dffbc474aa176b6dc957938c15d0c8bc5cc17e395d3049b03e0f1ccebb02b4d80a8155eb153025ea1d513d0b2c4b6756786f3c62fbf9021694f6e51cc07fe3c536a76f94cf7535158f66cfbd4b113b63bbfdde8842a5c44a0323518eec97cbe0a1bf96b7165e962e90cb14648c9462d5e76bef6e019b2541ff53db39f407a9801d8bae291b1e4724443375634ccfa0e4dcae38ee11d3a6606cc6cd636a3628b1abb1e1ea5f481b589da52303b091cbb07042ac7d03d3b9911a00da43ce0079a95151403b0db4f75bfd8da0b393af853ad71c82b22f4f65b9398f76d8be4c615fe70c36866add1572a8e2b96bfede7bfc913303f392ffc643f7240b180602652372d3f309fef061977fb2f7ba36d74d26d9cb7de5e8ac30bd5e8734bc96a35c10245952ecff55018e2a459517fdb40e3cec6f62cfb44b1be110b7bf70c8362d8991de292e76f74f3c285b3f6d57958d542ffcf057e133f94c1b7b5cf543ef3bd8b0d268963dd0cfb808aac48a549829fdaa96d9681a21445772454cbddf0cac1ac796a52db3f16bbdb6557d3d89d1c5a7d6044e95a16761171b130dcb476a43e571d3a9420bfd9219f65b643d0003bf497275a23ca44226c9964043c8462be9678b9cab19959e4af8ff46156ee460c7483cdcec08fbf90370fcf53bdd56604ffdc09c97fd73d7a324bdbfe7c79525f64e816c635cad85a60fabd6b97b03cbcc94e8412ad48562e3c9934f45c3e144d48ab541d874c7bc19ab77642849e02b89fbffc98347ee35b3ead06728d6f073c68729c68884bd359ade15d5f163166738a7fb8ceb3bd59c7956b1df66729296a4c86df7dcfd896fcaf2674f757a2463eba6d3a1e06d6a06349436bc054313b648c8a146f1a3da4700cbf03cdc55e2daae61baff70e2669e8376347efd3a874a341f187a23c3ee681ef6913f31fd6d6446b226d1f15ecd35f784d2a20c3ecf56d7fe655c7716a4b3ea67f48c6322fc42ed61714726c817af50457d810aae9d27a2efcdf25d6e191893e705819b177cddea0fa1e9c965314ccd7810fb5ea838303e51415db70fe9ddb119e23e9b2808cde3855c567fd4395ecef6d936cf77b8d5b2bced556cd9f9c0c8315cfbe0744a3baf06490791e7abf6b29a381288cc23a8223cfa5301358b9fcbe7aa45b1ceea088c65cbdfd0dfa22a3fca7266376887f549b77f959f119f4fb2321e9ce801e2f51630c8ce55163055c4da50a81e0a273468c49b8b4f95f02e055801da3b4f58e28b70c9ebb2ded806d7ffda75cd0b95eb70cb5488aeff42889188d03c9895255cecc4dcf435435894a4d0972046fc566af76ebd6d2f5d60ff9afaeda1a81fc53e2d01cd3882394520876dc88d1472aa2a93f41a60377ba920919939d83326ebee5a1ebb71045453f38676c40deb9864f811d0f3d014eead934bbdbacb62a01dc48312b3bf3eee2475e03885a110e9acaab6183f2550373f2f19492aa30fbd5b57512bc7316929fe1545bf0b98d114ee3ecb8490640b43519c77281cb2f8471e61a7181c8727c62e800be708dbf37c4695dff42d6c7d61481d1c21bd1635f59edae055607fe8879e4fd269e88387e8cb30b7edb1915052d15f7815c8b88e879465a1e253f7b5d921338af34da817c00f427533fb451ca2e89b3a13095b059d8705b15df12ecd077efc8c23881028604dbb8cc471c75ee6643a10934502bdafee198fb8c00dee24c9878fea090ed070b44f1abe60e81c4cbe5171cd654662d9887aec25cce8dede893813f879b873962fb669f109d2dd3608f669ca17920c511c2a41eaa486f25175cbdc3854151288a645c19cb8acb1dc9821bf74e6ca9068032d62399adff456950dd9629a5260c4de2185808040837089cdf46631a10aca5258e1635309226eb45ec366ca86a4329a2b7c3d63fbf8c3173730f82b150c5ef38b8ff748ba69d3e8d1af87f84fee909eef339b5a1fc2085986034e448d2ccc5bb9703d1a69640d53a32a9fb13e93d1c8f3104b60c5ab647a27045b462934977ccad9a17e23e50bedc63b4095e3d8204ce063bcda72177eba360ff16b7f836e27543701373b284bc381890049e92d324f56de0d010396ca8abf6ead8cacc2c2f2f26c7819c9fbfb075d62a16393b9fe4fcbaa5f337d999d9ad116a7b4f3d409fcc648089ae0fe22c47d374bc9350ef99e01685aff0a6a4521232970b2c1cf539ad0a19204da255aea2cd4a75ace6018fad6b4d35464c848f410e55a13bb9d78e7fddd0c88d8d0a6097754525e02c2246d8d27f6b8eba43551742214453411664a0dcc84e6cd95227cb0c280e99a195be5f6615351b33587c5fdd93bd42ef7ac9995a2818ead4c77c3f40dabf9735432ac9d97a98986c005e5def2da341b4e0627d4712b2dd140336c9df867c087a29b2e660344e9cec1f583056459111d63e24f3b8ef596f713f9a7376fe90a62abaaedecc2d29921001f2f04bd3baee84a12e98098f020c8bfac8de160d4c5543b96d1fdede3a20f62a0af1aa152670bab3c602feedb132ecc1609bfcf302615847c1caa69a92af93f73faf3cefc129b6bc55a748a94d6e4749289c4ec58c0063a90deb3964facf9f743b083008a894eee7baa16469d961e9f236177d65d21100592edb0769be53ee61104935234b174e62a07e53cf18d10dc6e666eab6de9215ae5b3d54dfdfa92d8f817e5b08fcaafb50d03763cf655ea4bd3b5736d88afc30c9212ccddf7949e456002b28988d38185bd30e77fd7bd28f15a49d5e5848d6ec70e584e625452bf208bf901322968557227b8f6efea1afc58c6ca9540d057299ec3016d7260d4f4805c36dc6853edfa4c7e1638b4870efba66d3d8d53194fb1a8446ae07faaf5afd7f7c807171981d443ad4f4f6487e1d842d0f7ee600116ffc6b2d87d83f95d309f0b035d97f69902e7972c2b2e6ed4227734ed75d343320b6a5fd16ce57dc5c768b5dc76a084531934b3460197788a199611ac2b85bd3f76e8ee7e55650b710915795b9e9c02cf10d6d2bdb688c076023edc9187cf1ac1f1163470e479a277281aada22045c03945dcb2ca6f2ec228499b55310264a8ea0e27b6e7c6ab68f19793b2671094e63a15ab883d5013749af6c4e558a7569d80eee2e035e2bd7894b77f805bd94d292574c38c5d628d5dca5672ff3444c7e997aa9a2c4eb2094bcb41ccdc4363c6848a1d760f26c28a05129a5ddcd0dcd755232baa04c231698d72fbbccd9fe64c3a14f85d225a046f406a81a4fb98d149f2d31c68828fa6eb20ebcc77dc72360d0eb8e9504c78d38bdd88518acbcc3d08d1f18da62f9bb26ec309fee4e541e51de2e41f21bebb342aa87ec2f451208df97228105657edb717f9c19a2aa1d84e04b0bd4bc888792bd1e83e8ef518174e1eb6be4a0778d050c9d9e984c108157cea74c894b5cf34efc44c559da2ba967eb820766939a658022c81bc0249a6412ef49b07fe6f62e6dc8def3173935ed8ac4bf073c1bcd63171f8aa368b0de8b91cfb3f91892fbf1ebd4b2f18a6d1cde4b205199de8729a6637b42495dabfd0ca768a3c3abd672079f48b69597353e41e6957b5e7aa79214fcb256faafda66202d234463057972460c04f5a2cc63e065705fe938a4dda49092966fa14ac55a4f27472c5d894ec1c3c743d27a6a74cbe87bc60030a4bd041dd47b7852947e0ade57a09e4a1386d08f17b65669d658d0b2859e32cd4dc3b970c8496ce9fd7c2c6623306db59b6aef5c0d5cac71a58e8cb75904f24cde464161c3e766962e56a8a0b0420d87272a682bfd1e53297fa7777981f402dbba17e9f29e292df60bb6bb4c96d4df93c51bd69dcc15a0d1dc3a8270a6f9394f88847d7f0050cf806beafe154032a5b818e97b4420ad984462bf0ddbe0d0da40e1e828ebebeb11c7af0926b294e47e52e46cfebe173f20fc528592c3858f90196fbfacc814f2359327969053c0068dd9e07c529866b94da981f2b708044d6fb4a71a1463242520bc573864331a9e42e4511de6f678aa8397d0145823aeb8ed80617be62e08bdccefb76cff97aaf057654ef2f38cd77d735c50b4df4b176845cd235b6a510c690346031b3d04dc90994ca317a7c55c42896ba3af5d7b2790e73f0de32e5c8c17980771fc6f0f4b1d7d1bb73bbbe14e0e3121fe5b8ba755eeaece7a4508498762286dd4e10e3296fa63738371ec0d5df81842a3964579017f3cb42b26605b9ae8ef1c54985e4f95b7819ca0357c0cb9a09f52c5189391854c93e8a0e1326e56c14f7e230522657ecdc50e4249581b861f8e3c1e4bd67169b8153e0047536c9f541e84f0f20482cde7e5eacaf7364a643d3310c272d06794d3e5785d5e7c5356e9ff81c650caac28cdefce4de5ddc18befa0f670ef5d2d6bdf8f29450a970494dd6489f03f7d02720160f1b04cf5b27f5ccbc1fea270c48e8079d8ddf7d06d26ab52e4873aa9a05cc5ed839561d1215167668d420fa35754d1f1c19969c88780314d7437d136770f5b35194cb46c1653efaa96de2547f44254c97f5f4f1f402711c1973a5f0ccbc4ee3524ccf035d35b284bbe3e9d3f7d70537357c67bb3f4086846207f88018f72237565570f8a9e5ca240b147a61c1d07c1c999560f62add6dbc79d2682367c3935defcb1f9e247a97c0dcc42acc8ce334185e0193753adb6cb77712a3c9878efeae8ff06d57432016ceba40511cad8383e5ae8ddd8b855d135dac0560792e4a3c79e62f76cbf9fb277dde1696007be4eefb81b1a1d39ce48681b9a4400501febb2a95e79248486a5f6d37d12b66d3df6af8d429c1a357d8b9e1ab2531e7bb29bf22e1daae486fae3417ae449b9317dad920c0dd5ad0a2a2d5e494f398cb9d6bc79ae567298335b51ba8ae8d92f99edd25e2cef48eca48320a1a586d7c8a08b4aaa1bc7c599473f5dddda158fc2ddd52ec2cf54d3c161f2dd6517b0f2ad44d26e1a6f244201fe0fd864d1cdf1035c34ec380218a8cc9a43d438f9148510031349642de5ca0c544f31b2ef647c722bf90a49140184672e0d3723e32451041557a22145b3701b0184109caba0f3601dc682036423013a5d965db9aa757f843a169cc678064d9530d12a188164f1f27bf1b4ec22924fd0acb550c235831c2f88a604a07ca94314b56a4921b808e6bea8e90ba87af3c9554d94db65792cb6b10338a7fc4117a80da24b582060e6384711491713d29bc63fc5eeb5ba4f11d0e6287202fced83f79975ec59a3a6f50a6c02a3fc5a3a5d4d9391f05f3efc6a81681a7af700c6385d36577ebec359fddd7938a71db5f81fcc621673ab67b71ef91c212e30e14bf125e9374262401f5d79099fcdf499f12b79770834c0164ab618c3210e934362ac261db280128c227fea637fd6d02b8f0adf6f7dc36aed93ae614c557843b1df326cb29c572254597c4ede33a62160a19586f6e26eaefacfd43ab110ab2489d6b9b2caa394bf920f8303a79b1e19a194f1875981be5bdb6f4921f95baf824205e1b13f22d60357a1b59a51a3c0bf9c5228fde841714f523a26751be1181460baf78db8d5eb7aad39e721a54a8cf18c8543d44782d9ef681f5cf21ce30208cfffaa832c6e44bb567d673271cc47c1a4e77f57e239ed4d28a79fe97fff97f089661135d0487843108eef2a4be5473ab0b3cc286e67b1f59f4401e00f2f4bfcbb7505cb641066f2859b15231a7ce4ba789d13b722cc5c955834b9f94c77652c9a76fc8a442748cd54bd375c71349b295fbe2dcdca9206f20a06a588a6199feff5ba48402883d9b727002a27b8144ac02f67687f76782a3b5d8f8bb88f80d334b1869781beb89f7b73be02f039058bd48307e6f653a2005c9dd2c59b469d724f7919b7d35514184fdc0f52d080a3e172c33fd6886a37e72884915a142a55461d5fef016acfb927fee0bda941493eeea57ede8214fd77d41806bca51c896c9cb81ecb5a199d51ac9fc3c5464d828b85b0bed98e80ade0a5c43b0f798ed7d4ee7138d49b8828958048130a0efbe98067c6c73dba1250d2beaa81f966be31e4c40d676991f2405aaecc69348b5700012be65c9da25f49408d959ca0fc6709bfdf0572f183c1a84ce5276e96f3144cefe89a60d6a1afaf7859c5076bacab0116c354964a558e65bdd07ff04728dc6b0e1b33769b4b94685e4f4d1e5c404dcc91b2aeaa7caa47487d1483e48a8725fb777f25776ffa9076e44fcfd77662889e73828c756c961c5a6d6c01a4633e7e0224018ab3cf51abb96464d518cd74563ba21a90da13dacf2a73e3ddefa7515ab26c135e92ed8bf3a594d67e4ade7137debd45ae4d0ab9aa953017286b2025e2a30f44898b9f3e978b1786dcd85c851300ee84c2b80ed40f51ed26d866fcb29eed44276144e4e8103a661f9a78b7270edd69788dce200a3b395a6da6fdb74fa53be91b4933d536748a60458b9797ab2b41c63853f0a651ba9fbf502b0cd8c4492cbe90fbdbf88a5aec486aa81ed5c0d0e461de8d0024aebcb0a7c68836df70ece1e1e0931919438fcfc6bd5f199c84c6494d30851c63a55cdb8cb047fadd752d25a1f8dbfb2d656bac3094bfb81c54f5f4071faca32ad5285fef87b78646b3b43aeeacb258365cc69cdaf42a68af6e62a992c676f611616097dbea8ea030955a1584af63a546588caae4d23840b3418ef6127e44214882c61e372e86669197d98119037c5b8a9663cb21fb8ebf47442cde81694ca09a626eeddefd1b74ca3e15cc11f979ed25912dff5b0669f2cd54e36c5ff5f6a1802925ca009f3ebb68fc9b003bb003a298c2ad0d05e4342bdc6a5dfac4be1502501489fc0f5a24b667b3bbccd6c008e727785cb81b1aa08ac511c484ea9305ea4c7bb6b2e6d570d466a63fc8c5d915e1f1a40f40e6c7499863231141b34c82aa95e48810a9d1b33a79d8d31bd778da8bdd536187c36e48892bcefab442b1728a7c1b49c63f1a55781cd2cdf047a6674cef251d56544a3cf0292612aa892d962d6f8056b195ca6e550dba1b3eba322eab5d895aa3023fe78b9ce22dd5dabde45eda5a1a67772c8e25dd7283518d47a05a09d33779a17adf170717ed8abedc255908be746d245e50263adf9028fcb6b065e000ffe8a4f03eeb3894e4451ad23909020c28b26ca3a13cb88698ff92115213ab187d31d4ee5da8ea96a93ba89a5b5c6c226e49b88973f46ee8fd4a8a5bab2b3785d794ab51fef55cdb29450c3f5e97f97846693611f98c157eb7eabbe9bd03c2fc99881d04da9cbde5a4d6bf330f23a8707bb0d6001dfbe821be9a4bd4f81549a9d1d241981cec3c299570476c6f0309545110c592b6a63b4abe17a1c80cbdd2aa241b70840879def0bda020d2470f2e74990a07a607ebd936d7534290610d9b7e9abed244dd2f287dd0240cd412efde8bc165e864d3644fe9b73bccd1762555582b513ff9d024926709e8d64a5f47269ed5cea9f625f7ab8c01a75941549a705cf7275e41b21f0df63f65b503e22cb970527f23c9ad7db18b6a80c3cf2cbd5f967063618dc54f394a2ddf148c5a9c42151a529e8cbdcc06b865367fc4c0845c0682bd466e6ebf4c365d17770080c807a0e47ae9118d8641393c55aea738548df743a186d15f3bef6449f44a102fde848669bdd9eb6b76fad860bd12ce9c026814bbdfc1c573f0f5db957c626a8cd7a27231adfbf51e20ebecd62de20ea67e1c2d933d311b08178ad25414405eb37dae1c14b18d6a2cac34bf201d5407a6509fa536afc4b380577e052335232b11864986bb2fa20fa38748c8cbd669cfb2f016574e9d147092b5bb59e0b2658e9f2e77f8d4d83f8d07ca840731460a8a5ce1626210cbf4385ae0ef90599c8fdd2f6e7a03ad173e2f5357518d9fc2308c8f28d2a7d2f6f48801c705ac5dab2e99eee9cf9ec672e3836913020533a888904bd4867929dffd884d60b8f39ae9ff3a81f499230c4126e01f421bcd14821dab219ea06e2fd1a2df2e3582dc40b7120e77741d191c0d2b82cea7be3fab5890d8113d0b5a4178201dc842ad90e1357833654983612fb05e3ec9148c7ffd85d93a3e4de5c490d304ccd9f864d1e946f4e67db4b362ad23818a6fb78a1f1baa5b8edac74eb4eaa329f14a036139027dfad5138c9ca0c474d71db915c3645098b086d2f9e1e0e939c27f9f2d6f6e79ed05baec2754e25b4eac73a332d209b15d48a1514d8209b192a8b8f34e485b6ba13f79129a74a3e819b78e36b922f542eae1949358e25d8bfeefe5b199f1155fa09596c7e18e50b58eb7e0c6ccb4f0bbac6fa079f1e00b2c14c1d3c6ccf0faacbcd5bf1d018912c116bf2783e9a1f4a4da9aa7eadfd23c7bdb7cf57b3112f5c3dd7514bf620a1b85450d2ae374b117c3433fecc21b57000debdf7ad5c930f2d887e01a80e813d9080038decbbabb596dedf4498e258e4bdc9fd70df9a8590e087ec55dcbe7b2d7992d6b69b519fb14cfdb59b5bda1fc245aadae15b1984a2647c1dba23bc0e0f9cdf75339e120d2ed519dacc89b2bead3f453b0b05a4a8bf442d33fa06832082290ad8544a8da27fface8385abbf94b4593a0ed53a0c70f4496bf24afe7fab6f046bf4923da8de6aa2a77371374094fe9e0bc1de3f94ed9069654d5ce089c13f642d19f09a3d1c0e0ab531ec312161511493b002f9be2ee61b1fb3f59e28c67f3925f3c79be81a19a1de01f893e0d2551ecbb7ce4dc963ed757719ed7c2b66dd17dcee2a3cb29f4dfce06801e1a85d6d06f1fdd4475dacdf26dab9bf6a137c3b6782e562794c2f285f007f8c50dd25f5a45fca73cad64bdd7657583058394c828ee150fada65345728f206c2a01bf572b5940d7d9a8fa4c201d7288b4c18a679e48b31c72c30dede8dfff4676a47048d6f0c4ef899593dd57c0531e13f40b91b3b0f1a30b529a1d4888241374e8c62ddd9b4c3cfd091f9606a15eb1c3836723b53e4abca8d9b87959bcda7c438bad7d2afffe9e2fed00bef45a1078feb35de77d26b3f7a52ef50282cadb0649a3af4968404c9f6031b2337385db9a3f11415bc0e9e2625fae3734cd63a3eec3319fd9c84c942a08316e008c3039bd5842dca3d944faab91447818ff1418e8cc993fe8abcfe3ce2003e5c5eb1e78328c46506b46a4ac4a1e378b917503cfacd12053d309b6bed5c89de21249ad23d1ec9fa4bd8d77d02681df5cfa6ae07dcb33ec3b7c814df797cbda0f873c947bc2f7ff007b86a9428b74654de5a3545bd79d31f9a72d3a78690adf73fcd7fd118e6f226a71b5f1ffe10efd0a78537de305e941fccdbba5627e3eefbb2496c5c28becf18e71190460a9955aa4d8f9d1152547c0bde01830b7e8bd60024c4e87337f366f72daa424dae11df0538c09fb05dd477d4ae6479985ca56c5a12dd072677d210ac4c03ba046120f0802ec69d1fc78dbda242c43ad6590368912d419de10adbaa1b2ee13f77f679fa1483aa19acd7d2689207f9047f8cb01357370c164bbc9d6c72a52c599bbb43d8db8e168c694de94e6c110f42e587e8e48d852d305281faf947ca7acade9ad5c8c818cfb8feff253bb6c834deb61ec76baa8932f25f6e326adb93c5787175dda209ab6d4b2aeb2453bdadaa45cbe9882ffefcf958adb57686c2fdec5796398de5f317a7e9e346dc5fd268b49bf418523af8679ba9a56ce0a9bfa26e8ed9e10b2cc8f46f31b20466ae89669f9741e047487eb37dc5d637ed5e62c36ecb73b654b05ba2a44a2e0804995faf8d2e3b084a1e2db1d3214a6d842cc69597f9edf26df552e43b4568df26077653eeadf29596708c94be1314fc026da60d837353d20aefaf054c45008212f7bdf6eab6050c2a564435af0fcf351df4eb6786e9bb6fc4e2dee02d523773c6b194f37b938d340d5d02232c366c2c97d47b02b24c3ecade4c40a017302e3f5e7c072aea8801faf8a492be02d1b2a5ff364606ff04165088772347068148596109e38cf9367d27875e185be865dfbde8a344b44095495f3591f740713168e6a2e6c84b4b7de9390c0ef5ec5ca460332316d6da84b08b9bcf39b687b56f9f88906aebf4ad985aaec7fa013135fa9e41bfec0725742cc9d15ef594120059fdcd96baeb75112f09fa1dcc740cce06f967fb0d355592be4e7674fa31d26af3303f852abeccd793068486a39162611f524c3fbfeeca4aa916edcb6b6392e6be5336db2c119736cf48f475e051bfe9fdb62f932adf55af2c0e09e55861964d54e99a6c03704e95e6965532dec148bfc4ddc15f9f4b4b06ef7844d6bb53abf944626adf9e3b76a3919b50dc0b080a4c91591a8d461c2869b9f535ded3e213e73e0f7487b8e5297182c5a711d20bf26dea9ddb25cbf2352cf4dec30222a02a577369e37b2aa1404f416275183ab055f65699726a3c601b9f31bf04019c8593c0609154fa35b3194026346c9cac2a248ab7314887865c4265e896c6e209d1cd604df4d434d481c5bb723be1b6df1ee65ff7d0f525b3be596a51fb919492c099cc44799b04a1c72e3c8593a53e8000c7807a4e20a7bbeeb7a736682b26b16ebe8b432f34c5a997c8e7c806a895ecc5e2565fc52ed8f88c81323a418ca94cec2edcb79f8fa58b91d3af6c9c991f63962d3e74c0d42b4433905293aab661fcf8ddb8c8a58fa97c205ff222de3685497742c44968aece94f667e4095002d140b58969f6992966d4c363ea0162a056cb45fe5333222170ab9edca4785c39f55221fe7414e773d5b7e5c06d564f594bf6384d0b139e104214a08ae3f2ebcce149cdf6e0950ca92a4dcf426067cfd2246bb5ff35103c3584b063c431bd1268e9b5e76fbe5b294b70c9647dcf804d7baa19039185bce843dd76db8c939d5323dd3e54ec9139f0874f2ded2e41b0393c4ac5644f729530de21430b7540ec3f65135f7323c15d185eaa7c954e77f5343d941e25fbd52d2752b150f9c35ccb6869cbf074e481e913e1b06ead0b66e30b6867bf635498562ae5e286544710b2e7ebe9858833b8d55a249e6baa5c06772297520da205111108a3dbfe4636cb40b84b803b2fff6136f951362dab62e64eb8e841183c2a9ad4cc1fb9b068faecfb70914acc63395f22e4747da1aa27e363d86d40ff442fe95e6834d0a3d99e9ea8811855ae9229d7af6266cc52234b5aa339b16695f7fc4519c84155964659375821f7ca576f095c3395dd46c34fa7fd8d729d8cf88b7a86f2688a5fce7d48c8d19762b88c32c3b2d00f43f07911355d4151f13925ff2921f71e393b3809197ed66df836fe833e5de03beffeed9da5f3639a621bcab5dd47ca57a9f85a19a6e4b9a248c1daca18536ac8e558ac7690b6f44e2cb5ef9332203e7d2ebec1e820ac34d054df7e68f486a508a60aa3bf9510ea6acb021c94b481113d7a76ffceca1bb350bfe145467c6a38b16173474ba8b1a95bcbc30d3b8a55a7f963e5e0504740c3a6b10bb6d4fa5378a063b8fdb1db941e34f4bde584c7de3408432c1a48a52fb6c74d926b38886277a78fc05c8864a170e9a56ceeabc4cd77f00766fd3be3f2189c843a6af3fb2e4dd5528f7596dcdf871aa55cfccc53c7f16109f1619fd7a733daf5a84c708c1f106b7f99d2cb30c3db1c3cc0fde9ccb95f6870ff3dcd442254e334a9033d349c215b446bcdf956d848a8419c1b5a92039dcaf7a053dc372fbc391d4e6b5d693d46e1fcf4c07ce4a69ee07e4134bcef13683af9d6f6c06acee72992f2977f67ea82d922b133be19c1171534e6594f75498c7242894844ecd6ec94af67ac8247d4d8556695c262ab91ff51a943fdd60580004d0b59e19461ff126e3a08a814c33de73998802680548b916f1947ffbad76c4de8ced6214345614d33fb0b16a8acddeb54ffb41e085fd7f69a75b6359c9893d863b367aa379f71c7afc0c9cdca41d7d2b92b6726c241134dae6cd3fb8c182dd055f53a45702fe05e449c30ac80df94afd521d77158e02aed37e2274b90c9c405e28906322882c5be9b4b27f4c35fd798cebccb32617ad94123450fd137104f80bf05527157a8c2a7bb63b22f49aaab3b4d2dbedc99fe843fd3dedb02f086ffb87582825f9d28a8d42c5e5e5e8b23d1e4d36177d71bbb3558e43af9577d70e1b36ea1c9b7a1c3ad668b8bb5df7963f1f36c15d6a3d18d52e8d493bc8187cb98c249675aea6c3cbd91661bbae767ff1d68a18275455ae3eaa2c291eebb46e6d9d7311ba459f9e45ed746755a32dcd114a3e00961a08879c34f91ca0070ea2f5dc513ea4fbdaa7a14786ffdebc4ef64e96055f5b06bf9381ac43879351642cf5d5c186983b52c4551ee00f72316c6eaac5a4e7e6882845ea7bb4d9462868219b008bd5ad93b754d500338c253d9c17703f088ebeda03513be71d34d2142919866351bf9dce654515bf1ddbd6426dfa9706964dce9addb1c5cb5d6e3d9838f733c5b2cebf15b205503560c4e8e6d1ea785ec829debe54b19a5f78d9a65b900a3908f90c1a417155361a5c4b8d297e0d78d0fb963ff976f9c37fc81fe03c21ea7b4ba29b9f9e5732ed33761840f4ba6c53a591024321c5e2bdbd23ed35f0574ddeb8b4b727d6f5d1b61fff7be687f7970fd47268e9db2e9aa3827bba3afb7ff94aea5a486c712a91e48443cd802642223da00e5eb0973d24649a4a920fc53d9564ef8446f35513a8d6aa2308357a268a7ef1981e4bd8a0d6d8462016d2fc6276b3d7a84628c025d30f7b2c52c958767e76c8758b517083196f05ac29810b924aca253614bbac999b38b5b60cae531c49698038da89e49ac5eabb489cfc6cea9fc1cee8d6b7ce52554fd70354e37bbf44a265d2ea03425887a717c435081cfc5dbb95192c98732387165bf8e396c0f2dad28d8818c8e140c64c743113f563cf750f84ddfb34126fc3a48ee38d7044e87276ea6b2efbdd4255a9f1b3bbc6399b58f47b7a53e239400a13bd6be6c91c4f6c4e05a5cf06982ba7892ed2a6d38fe832d63a824154b16ed7dab899bf000b80eeee5531a5834816222280f20d1ef9e95f6907811dc6c422334ce36a09ff5cd6fe71312351bff07989769097660a56395065c92a10324374fac681719d63979d00fe9f62b8625f914a002496335037e9ad97d860edd1dd83b36f02ce52bde626c653093b60fd0557804c8ba0cbf1453da22f2d579dc29360d8bbfbb4aa541de5afa988ef51f0bf911e452e8dbb1d807a81ab5352696a9ca3397beb79f116f3a33991a5a61717dddc3501cfdf7a4e22d7dbaad198bd736a97e7cecfdf8f4f2027ef802b0f658cbffd284984fb11d90254081ff48c04ffab49ff0e5d1176244fdfb65c23d2e1578544b172cca332ff74bddf5f2557911c1bf75c2b643afb4ecbfc8ec2a48564053b3c7b54800246348c7fa4a04c144c47ecba6f8318128703ca9e260189885ff2c83a10305ee08bd507c1049c71e09b16e21f7b6919bbfc43f6a5b2f0d79c6256b9bdac53a55801a066b70da3d8330f857a17c53d217014ee776bfd500189caa552598b845b29b17a427692d13875115bacc48cca24ac51ee4b0e7975a501bebf79d570651ff601788ea9d16d051928341be67dcba03f0e04104d904706b1338ba02add2b5d2da67663b19ebeaebf7782a3d445f43cf30ee2c0d84deea9813e9550fee3110373c21fa012eee7584b98aac2dddf59ee2cf19ca4ccb75ef3e52c300b822a8123e7ace55fe15c08955cb567b6e38f4c6b3f28cc857fc38c9afefc52942cb83c7c1f14b2139b09baa96d3afec184766bfeca7a9f989fc7e7df4fe8a8bcd5c95cdb640aa9793bb32b1359aa933b48b754a2f54adb688bfa772eace51d8f796d04991c831a07059758f8c0c968632845cd133308b1a494967f52dbb0686f8bd0c0c757acf716e28ec02d405b367158e3f12d7c1e31a96b3af316ba72172e6a4f1de54d11ab6967e371f8bf09f5fceaea80e1f864a1b48938bf0ae3f79a30234b6c45a6f7d298ba13106f4920ea25403ec77bee9efce43ea25eb5f1e8fb36cd7fbeb7988e8639ac79e9814a9c18f5abff398787c9cfcbf3d80c325995af77a0e8b06d1204a171010b3a296472c9542ad4d4788d543508116cbcfb2e203234df6dee15934e448ee8897107cb5f86508f146774a2fac4373a8e504b86abe48d358ecf194c56c69108433e1f4fe6a4411edc2ff625888b4093e917cbef46321026d8404bc3216d4774c8a96492d38d732122c58b44e3fdc3e9e9f3819e3d6c1381eac87c17617e5165f38cf410588e48dc83f2822a880a68f78923654ad60ebd1ae29cedc37da04b6b067254ff9e9e3a2ec0300d4ce11261f5169f0070d23b06b1486a538c0eaa45dd167a850af92f8d9903e7a4e0559a98ecc8573e9e39fed3b8369ed940f52cf300cf88a088ea2078cd92b0b8a0e78a32c5c082e0a209539d1e74ab9fe46b9e01a19a97f80ff32e08a25270b5f252ce39522f724d6b3e38b952600251ee92fe603170ffd3a7f48c12e697d50c8a7ae7684644efbf424cb7b0dea050a42b9739eb261a3a26f5bd4aa64fdadf96152ca6e64080680b1ec366924b26fc98fa7b71a9c249cf801272ee79cfde7fa5960571fee36b9bb2ab001909a8a6f04b51920306046ce5cf2226ddd41b1a2d0ae51dab54d32c362cd4e8a2ce081c3d7c32c3cde4312ef7194cf6c2de8e00c05fcf16c498adc7bfa03fa30821986dff10fc66647c84c9c3a1d7311f2a312426d710e1c617fcbc8c978d76676f5e7918f81d28e7d092ca0d2cad8fa47bbef282badbb8de5374b894", "content": "An image"}]', '{}', '2023-01-01 00:00:00+00', '2023-01-02 00:00:00+00', NULL, NULL, NULL),
	('214561b7-fcbd-89b9-b204-8dbe18cab319', '10000000-0000-4000-8000-00000000000a', 'a0000000-0000-4000-8000-000000000001', 'Plans', '[]', '{}', '2026-11-25 12:54:44.717737+00', '2026-11-25 12:54:44.717737+00', 0, 0, NULL),
	('c0000000-0000-4000-8000-000000000001', '10000000-0000-4000-8000-00000000000a', 'a0000000-0000-4000-8000-000000000001', 'sql null', NULL, '{"pinned": true}', '2023-05-01 10:00:00+00', '2023-06-01 12:34:56.789+00', 0, 0, NULL),
	('c0000000-0000-4000-8000-000000000002', '10000000-0000-4000-8000-00000000000a', 'a0000000-0000-4000-8000-000000000001', 'json null', 'null', '{"pinned": true}', '2023-05-01 10:00:00+00', '2023-06-01 12:34:56.789+00', 0, 0, NULL),
	('c0000000-0000-4000-8000-000000000003', '10000000-0000-4000-8000-00000000000a', 'a0000000-0000-4000-8000-000000000001', 'empty', '[]', '{"pinned": true}', '2023-05-01 10:00:00+00', '2023-06-01 12:34:56.789+00', 0, 0, NULL),
	('c0000000-0000-4000-8000-000000000004', '10000000-0000-4000-8000-00000000000a', 'a0000000-0000-4000-8000-000000000001', 'as the application writes it', '[{"id": "m1", "role": "user", "userId": "u", "content": "Hello", "sessionId": "s", "timestamp": "2024-01-15T10:00:00.123Z"}, {"id": "m2", "role": "assistant", "content": "Hi!", "metadata": {"model": "x"}, "sessionId": "s", "timestamp": "2024-01-15T10:00:01Z"}]', '{"pinned": true}', '2023-05-01 10:00:00+00', '2023-06-01 12:34:56.789+00', 2, 2, NULL),
	('c0000000-0000-4000-8000-000000000005', '10000000-0000-4000-8000-00000000000a', 'a0000000-0000-4000-8000-000000000001', 'roles', '[{"role": "User", "content": "1"}, {"role": "human", "content": "2"}, {"role": "ai", "content": "3"}, {"role": "bot", "content": "4"}, {"role": "MODEL", "content": "5"}, {"role": "developer", "content": "6"}, {"role": "system", "content": "7"}]', '{"pinned": true}', '2023-05-01 10:00:00+00', '2023-06-01 12:34:56.789+00', 7, 7, NULL),
	('f868db76-88e1-8d38-a8a9-33a37f4f1803', '10000000-0000-4000-8000-00000000000a', 'a0000000-0000-4000-8000-000000000001', 'What is a dump?', '[{"id": "a1af75f5-a617-8658-aa03-a50bd360f220", "role": "user", "userId": "a0000000-0000-4000-8000-000000000001", "content": "What is a dump?", "metadata": {"client_id": "m1"}, "sessionId": "f868db76-88e1-8d38-a8a9-33a37f4f1803", "timestamp": "2026-11-25T12:54:44.916Z"}, {"id": "d10f5e8d-0378-835e-bf5c-e44c42c979ca", "role": "assistant", "userId": "a0000000-0000-4000-8000-000000000001", "content": "You said: What is a dump?\nThis is the first message I can see.", "metadata": {"model": "echo", "usage": {"input_tokens": 4, "output_tokens": 14}, "status": "completed", "reply_to": "a1af75f5-a617-8658-aa03-a50bd360f220", "attempt_id": "e2dc990e-5072-497b-93dd-7993522b5e38", "completed_at": "2026-11-25T12:54:44.926607Z", "finish_reason": "stop"}, "sessionId": "f868db76-88e1-8d38-a8a9-33a37f4f1803", "timestamp": "2026-11-25T12:54:44.929Z"}]', '{}', '2026-11-25 12:54:44.908701+00', '2026-11-25 12:54:44.927279+00', NULL, NULL, NULL),
	('4402e6be-b8f7-81f2-a877-7dfa996cf899', '10000000-0000-4000-8000-00000000000b', 'b0000000-0000-4000-8000-000000000002', 'I am Bob', '[{"id": "0de15bbd-6a95-89a5-b623-0c0757612144", "role": "user", "userId": "b0000000-0000-4000-8000-000000000002", "content": "I am Bob", "metadata": {"requests": {"hello-1": "ed03ea03cdfc9caa002d3220f3127ab8d3d985558e46f83ee76b18ccf88cf52d"}}, "sessionId": "4402e6be-b8f7-81f2-a877-7dfa996cf899", "timestamp": "2026-11-25T12:54:44.879Z"}, {"id": "6eac3b01-009a-8b90-868b-bff567cbcaa3", "role": "assistant", "userId": "b0000000-0000-4000-8000-000000000002", "content": "You said: I am Bob\nThis is the first message I can see.", "metadata": {"model": "echo", "usage": {"input_tokens": 3, "output_tokens": 13}, "status": "completed", "reply_to": "0de15bbd-6a95-89a5-b623-0c0757612144", "attempt_id": "b6ba3d9e-a78d-4be9-9850-c20e22e39340", "completed_at": "2026-11-25T12:54:44.884030Z", "finish_reason": "stop"}, "sessionId": "4402e6be-b8f7-81f2-a877-7dfa996cf899", "timestamp": "2026-11-25T12:54:44.896Z"}]', '{}', '2026-11-25 12:54:44.871071+00', '2026-11-25 12:54:44.890415+00', 2, 2, NULL),
	('9fd771ee-af13-8eb0-8e13-6782104404c7', '10000000-0000-4000-8000-00000000000a', 'a0000000-0000-4000-8000-000000000001', 'Hello, my name is Ada', '[{"id": "95b2ed9a-ea03-8619-baac-c9b6c5311425", "role": "user", "userId": "a0000000-0000-4000-8000-000000000001", "content": "Hello, my name is Ada", "metadata": {"requests": {"hello-1": "77ce3630bf543d612f52f20c8c224d23047c900567df70e851c3704b249b2aaa"}}, "sessionId": "9fd771ee-af13-8eb0-8e13-6782104404c7", "timestamp": "2026-11-25T12:54:44.835Z"}, {"id": "3c814d57-a79f-8c3f-bd58-dd2b6745de86", "role": "assistant", "userId": "a0000000-0000-4000-8000-000000000001", "content": "You said: Hello, my name is Ada\nThis is the first message I can see.", "metadata": {"model": "echo", "usage": {"input_tokens": 5, "output_tokens": 15}, "status": "completed", "reply_to": "95b2ed9a-ea03-8619-baac-c9b6c5311425", "attempt_id": "d454127f-b764-4bb6-adc4-3d7d6168c3ad", "completed_at": "2026-11-25T12:54:44.844601Z", "finish_reason": "stop"}, "sessionId": "9fd771ee-af13-8eb0-8e13-6782104404c7", "timestamp": "2026-11-25T12:54:44.850Z"}]', '{}', '2026-11-25 12:54:44.775826+00', '2026-11-25 12:54:44.847749+00', 2, 2, NULL),
	('c0000000-0000-4000-8000-000000000006', '10000000-0000-4000-8000-00000000000a', 'a0000000-0000-4000-8000-000000000001', 'parts', '[{"role": "user", "content": [{"text": "Hel", "type": "text"}, {"url": "u", "type": "image"}, {"text": "lo", "type": "text"}]}, {"role": "user", "content": {"x": 1, "text": "T"}}, {"role": "user", "content": 42.50}, {"role": "user", "content": true}]', '{"pinned": true}', '2023-05-01 10:00:00+00', '2023-06-01 12:34:56.789+00', 4, 4, NULL),
	('c0000000-0000-4000-8000-000000000007', '10000000-0000-4000-8000-00000000000a', 'a0000000-0000-4000-8000-000000000001', 'bad elements', '[{"role": "user"}, {"role": "user", "content": null}, {"content": "no role"}, {"role": "tool", "content": "t"}, {"role": "function", "content": "f"}, {"role": null, "content": "x"}, {"role": 7, "content": "x"}, "text", 17, null, [1], {"role": "user", "content": [{"type": "image"}]}, {"role": "user", "content": "good"}]', '{"pinned": true}', '2023-05-01 10:00:00+00', '2023-06-01 12:34:56.789+00', 13, 1, NULL),
	('c0000000-0000-4000-8000-000000000008', '10000000-0000-4000-8000-00000000000a', 'a0000000-0000-4000-8000-000000000001', 'object', '{"role": "user", "content": "x"}', '{"pinned": true}', '2023-05-01 10:00:00+00', '2023-06-01 12:34:56.789+00', 0, 0, NULL),
	('c0000000-0000-4000-8000-000000000009', '10000000-0000-4000-8000-00000000000a', 'a0000000-0000-4000-8000-000000000001', 'scalar', '17', '{"pinned": true}', '2023-05-01 10:00:00+00', '2023-06-01 12:34:56.789+00', 0, 0, NULL);

INSERT INTO public.messages VALUES
	('4402e6be-b8f7-8954-886e-0b66faef5923', '10000000-0000-4000-8000-00000000000b', '4402e6be-b8f7-81f2-a877-7dfa996cf899', 'b0000000-0000-4000-8000-000000000002', 1, 'user', 'I am Bob', '{"legacy": {"id": "0de15bbd-6a95-89a5-b623-0c0757612144", "userId": "b0000000-0000-4000-8000-000000000002", "sessionId": "4402e6be-b8f7-81f2-a877-7dfa996cf899", "timestamp": "2026-11-25T12:54:44.879Z"}, "requests": {"hello-1": "ed03ea03cdfc9caa002d3220f3127ab8d3d985558e46f83ee76b18ccf88cf52d"}}', '2026-11-25 12:54:44.879+00'),
	('4402e6be-b8f7-87e8-a6c9-31bd10d12167', '10000000-0000-4000-8000-00000000000b', '4402e6be-b8f7-81f2-a877-7dfa996cf899', 'b0000000-0000-4000-8000-000000000002', 2, 'assistant', 'You said: I am Bob
This is the first message I can see.', '{"model": "echo", "usage": {"input_tokens": 3, "output_tokens": 13}, "legacy": {"id": "6eac3b01-009a-8b90-868b-bff567cbcaa3", "userId": "b0000000-0000-4000-8000-000000000002", "sessionId": "4402e6be-b8f7-81f2-a877-7dfa996cf899", "timestamp": "2026-11-25T12:54:44.896Z"}, "status": "completed", "reply_to": "0de15bbd-6a95-89a5-b623-0c0757612144", "attempt_id": "b6ba3d9e-a78d-4be9-9850-c20e22e39340", "completed_at": "2026-11-25T12:54:44.884030Z", "finish_reason": "stop"}', '2026-11-25 12:54:44.896+00'),
	('9fd771ee-af13-84f1-b44b-bca861f026ba', '10000000-0000-4000-8000-00000000000a', '9fd771ee-af13-8eb0-8e13-6782104404c7', 'a0000000-0000-4000-8000-000000000001', 1, 'user', 'Hello, my name is Ada', '{"legacy": {"id": "95b2ed9a-ea03-8619-baac-c9b6c5311425", "userId": "a0000000-0000-4000-8000-000000000001", "sessionId": "9fd771ee-af13-8eb0-8e13-6782104404c7", "timestamp": "2026-11-25T12:54:44.835Z"}, "requests": {"hello-1": "77ce3630bf543d612f52f20c8c224d23047c900567df70e851c3704b249b2aaa"}}', '2026-11-25 12:54:44.835+00'),
	('9fd771ee-af13-8eb5-a333-2e38eb69875e', '10000000-0000-4000-8000-00000000000a', '9fd771ee-af13-8eb0-8e13-6782104404c7', 'a0000000-0000-4000-8000-000000000001', 2, 'assistant', 'You said: Hello, my name is Ada
This is the first message I can see.', '{"model": "echo", "usage": {"input_tokens": 5, "output_tokens": 15}, "legacy": {"id": "3c814d57-a79f-8c3f-bd58-dd2b6745de86", "userId": "a0000000-0000-4000-8000-000000000001", "sessionId": "9fd771ee-af13-8eb0-8e13-6782104404c7", "timestamp": "2026-11-25T12:54:44.850Z"}, "status": "completed", "reply_to": "95b2ed9a-ea03-8619-baac-c9b6c5311425", "attempt_id": "d454127f-b764-4bb6-adc4-3d7d6168c3ad", "completed_at": "2026-11-25T12:54:44.844601Z", "finish_reason": "stop"}', '2026-11-25 12:54:44.85+00'),
	('c0000000-0000-8196-81a1-3d6236f87189', '10000000-0000-4000-8000-00000000000a', 'c0000000-0000-4000-8000-000000000004', 'a0000000-0000-4000-8000-000000000001', 1, 'user', 'Hello', '{"legacy": {"id": "m1", "userId": "u", "sessionId": "s", "timestamp": "2024-01-15T10:00:00.123Z"}}', '2024-01-15 10:00:00.123+00'),
	('c0000000-0000-878e-a7cf-a65906b77e6e', '10000000-0000-4000-8000-00000000000a', 'c0000000-0000-4000-8000-000000000004', 'a0000000-0000-4000-8000-000000000001', 2, 'assistant', 'Hi!', '{"model": "x", "legacy": {"id": "m2", "sessionId": "s", "timestamp": "2024-01-15T10:00:01Z"}}', '2024-01-15 10:00:01+00'),
	('c0000000-0000-8acc-a20b-08df097d9582', '10000000-0000-4000-8000-00000000000a', 'c0000000-0000-4000-8000-000000000005', 'a0000000-0000-4000-8000-000000000001', 1, 'user', '1', '{"legacy": {"role": "User"}}', '2023-05-01 10:00:00+00'),
	('c0000000-0000-8748-98d7-727fa62d9651', '10000000-0000-4000-8000-00000000000a', 'c0000000-0000-4000-8000-000000000005', 'a0000000-0000-4000-8000-000000000001', 2, 'user', '2', '{"legacy": {"role": "human"}}', '2023-05-01 10:00:00+00'),
	('c0000000-0000-8955-bd66-ae733e52d7a9', '10000000-0000-4000-8000-00000000000a', 'c0000000-0000-4000-8000-000000000005', 'a0000000-0000-4000-8000-000000000001', 3, 'assistant', '3', '{"legacy": {"role": "ai"}}', '2023-05-01 10:00:00+00'),
	('c0000000-0000-8d7b-b95c-746c0b679087', '10000000-0000-4000-8000-00000000000a', 'c0000000-0000-4000-8000-000000000005', 'a0000000-0000-4000-8000-000000000001', 4, 'assistant', '4', '{"legacy": {"role": "bot"}}', '2023-05-01 10:00:00+00'),
	('c0000000-0000-86c4-b2cf-fe7f30d937e3', '10000000-0000-4000-8000-00000000000a', 'c0000000-0000-4000-8000-000000000005', 'a0000000-0000-4000-8000-000000000001', 5, 'assistant', '5', '{"legacy": {"role": "MODEL"}}', '2023-05-01 10:00:00+00'),
	('c0000000-0000-835b-a079-154197e0d6e8', '10000000-0000-4000-8000-00000000000a', 'c0000000-0000-4000-8000-000000000005', 'a0000000-0000-4000-8000-000000000001', 6, 'system', '6', '{"legacy": {"role": "developer"}}', '2023-05-01 10:00:00+00'),
	('c0000000-0000-8097-b55c-a0207d148d46', '10000000-0000-4000-8000-00000000000a', 'c0000000-0000-4000-8000-000000000005', 'a0000000-0000-4000-8000-000000000001', 7, 'system', '7', '{"legacy": {}}', '2023-05-01 10:00:00+00'),
	('c0000000-0000-82e9-8d51-431bcabad6be', '10000000-0000-4000-8000-00000000000a', 'c0000000-0000-4000-8000-000000000006', 'a0000000-0000-4000-8000-000000000001', 1, 'user', 'Hello', '{"legacy": {"content": [{"text": "Hel", "type": "text"}, {"url": "u", "type": "image"}, {"text": "lo", "type": "text"}]}}', '2023-05-01 10:00:00+00'),
	('c0000000-0000-84df-a2c3-cdc92f0539be', '10000000-0000-4000-8000-00000000000a', 'c0000000-0000-4000-8000-000000000006', 'a0000000-0000-4000-8000-000000000001', 2, 'user', 'T', '{"legacy": {"content": {"x": 1, "text": "T"}}}', '2023-05-01 10:00:00+00'),
	('c0000000-0000-8be9-94d9-4e15404b1fdb', '10000000-0000-4000-8000-00000000000a', 'c0000000-0000-4000-8000-000000000006', 'a0000000-0000-4000-8000-000000000001', 3, 'user', '42.50', '{"legacy": {"content": 42.50}}', '2023-05-01 10:00:00+00'),
	('c0000000-0000-8be2-9857-0c730d0a03c2', '10000000-0000-4000-8000-00000000000a', 'c0000000-0000-4000-8000-000000000006', 'a0000000-0000-4000-8000-000000000001', 4, 'user', 'true', '{"legacy": {"content": true}}', '2023-05-01 10:00:00+00'),
	('c0000000-0000-88e3-a245-12f75018b6b9', '10000000-0000-4000-8000-00000000000a', 'c0000000-0000-4000-8000-000000000007', 'a0000000-0000-4000-8000-000000000001', 13, 'user', 'good', '{"legacy": {}}', '2023-05-01 10:00:00+00'),
	('c0000000-0000-8b7b-b4f5-269c27f53415', '10000000-0000-4000-8000-00000000000a', 'c0000000-0000-4000-8000-00000000000a', 'a0000000-0000-4000-8000-000000000001', 1, 'user', 'Message 1', '{"legacy": {}}', '2023-01-01 00:00:00+00'),
	('c0000000-0000-8d57-9dc0-d4eac5757de3', '10000000-0000-4000-8000-00000000000a', 'c0000000-0000-4000-8000-00000000000a', 'a0000000-0000-4000-8000-000000000001', 2, 'user', 'Message 2', '{"legacy": {}}', '2023-01-01 00:00:00+00'),
	('c0000000-0000-8919-852c-11fe12f93da9', '10000000-0000-4000-8000-00000000000a', 'c0000000-0000-4000-8000-00000000000a', 'a0000000-0000-4000-8000-000000000001', 3, 'user', 'Message 3', '{"legacy": {}}', '2023-01-01 00:00:00+00'),
	('c0000000-0000-8eb8-8919-ce86cd6fa06e', '10000000-0000-4000-8000-00000000000a', 'c0000000-0000-4000-8000-00000000000a', 'a0000000-0000-4000-8000-000000000001', 4, 'user', 'Message 4', '{"legacy": {}}', '2023-01-01 00:00:00+00'),
	('c0000000-0000-85cd-b210-084a3031c848', '10000000-0000-4000-8000-00000000000a', 'c0000000-0000-4000-8000-00000000000a', 'a0000000-0000-4000-8000-000000000001', 5, 'user', 'Message 5', '{"legacy": {}}', '2023-01-01 00:00:00+00'),
	('c0000000-0000-88d0-9763-a05bf819d156', '10000000-0000-4000-8000-00000000000a', 'c0000000-0000-4000-8000-00000000000a', 'a0000000-0000-4000-8000-000000000001', 6, 'user', 'Message 6', '{"legacy": {}}', '2023-01-01 00:00:00+00'),
	('c0000000-0000-8744-99c4-23e2abe19b3b', '10000000-0000-4000-8000-00000000000a', 'c0000000-0000-4000-8000-00000000000a', 'a0000000-0000-4000-8000-000000000001', 7, 'user', 'Message 7', '{"legacy": {}}', '2023-01-01 00:00:00+00'),
	('c0000000-0000-8d00-8d21-ec66da898896', '10000000-0000-4000-8000-00000000000a', 'c0000000-0000-4000-8000-00000000000a', 'a0000000-0000-4000-8000-000000000001', 8, 'user', 'Message 8', '{"legacy": {}}', '2023-01-01 00:00:00+00'),
	('c0000000-0000-8cd3-bffb-241987bcdd29', '10000000-0000-4000-8000-00000000000a', 'c0000000-0000-4000-8000-00000000000a', 'a0000000-0000-4000-8000-000000000001', 9, 'user', 'Message 9', '{"legacy": {}}', '2023-01-01 00:00:00+00'),
	('c0000000-0000-82fc-bccd-896c73bd3fef', '10000000-0000-4000-8000-00000000000a', 'c0000000-0000-4000-8000-00000000000a', 'a0000000-0000-4000-8000-000000000001', 10, 'user', 'Message 10', '{"legacy": {}}', '2023-01-01 00:00:00+00');

INSERT INTO public.tenant_users VALUES
	('509c6a3d-22cd-4011-b831-aeb6c49633f7', '10000000-0000-4000-8000-00000000000a', 'a0000000-0000-4000-8000-000000000001', 'admin', '{}', '2026-11-25 12:54:44.187827+00', '2026-11-25 12:54:44.187827+00'),
	('7a4ef6f3-8888-48fd-9ed9-0cb47536280b', '10000000-0000-4000-8000-00000000000b', 'b0000000-0000-4000-8000-000000000002', 'user', '{}', '2026-11-25 12:54:44.187827+00', '2026-11-25 12:54:44.187827+00');

INSERT INTO public.tenants VALUES
	('10000000-0000-4000-8000-00000000000a', 'Analytical', 'analytical', '{}', 'basic', 'active', '2026-11-25 12:54:44.187827+00', '2026-11-25 12:54:44.187827+00'),
	('10000000-0000-4000-8000-00000000000b', 'Boole', 'boole', '{}', 'basic', 'active', '2026-11-25 12:54:44.187827+00', '2026-11-25 12:54:44.187827+00');

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

ALTER TABLE ONLY public.conversations
    ADD CONSTRAINT chat_sessions_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.conversations
    ADD CONSTRAINT conversations_tenant_id_id_key UNIQUE (tenant_id, id);

ALTER TABLE ONLY public.knowledge_base
    ADD CONSTRAINT knowledge_base_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.messages
    ADD CONSTRAINT messages_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.messages
    ADD CONSTRAINT messages_tenant_id_conversation_id_seq_key UNIQUE (tenant_id, conversation_id, seq);

ALTER TABLE ONLY public.tenant_users
    ADD CONSTRAINT tenant_users_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.tenant_users
    ADD CONSTRAINT tenant_users_tenant_id_user_id_key UNIQUE (tenant_id, user_id);

ALTER TABLE ONLY public.tenants
    ADD CONSTRAINT tenants_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.tenants
    ADD CONSTRAINT tenants_subdomain_key UNIQUE (subdomain);

CREATE INDEX schema_history_s_idx ON history.schema_history USING btree (success);

CREATE INDEX idx_chat_sessions_tenant_id ON public.conversations USING btree (tenant_id);

CREATE INDEX idx_chat_sessions_updated_at ON public.conversations USING btree (updated_at DESC);

CREATE INDEX idx_chat_sessions_user_id ON public.conversations USING btree (user_id);

CREATE TRIGGER history_1_inserted BEFORE INSERT ON public.messages FOR EACH ROW WHEN ((current_setting('search_path'::text) <> 'history_maintenance'::text)) EXECUTE FUNCTION history.message_inserted();

CREATE TRIGGER history_1_updated BEFORE UPDATE ON public.messages FOR EACH ROW WHEN ((current_setting('search_path'::text) <> 'history_maintenance'::text)) EXECUTE FUNCTION history.message_updated();

CREATE TRIGGER history_1_written BEFORE INSERT OR UPDATE ON public.conversations FOR EACH ROW WHEN ((current_setting('search_path'::text) <> 'history_maintenance'::text)) EXECUTE FUNCTION history.conversation_written();

CREATE TRIGGER history_2_array_inserted BEFORE INSERT ON public.conversations FOR EACH ROW WHEN (((jsonb_typeof(new.messages) <> 'null'::text) AND (new.messages <> '[]'::jsonb))) EXECUTE FUNCTION history.array_inserted();

CREATE TRIGGER history_2_array_rewritten BEFORE UPDATE OF messages ON public.conversations FOR EACH ROW WHEN (((current_setting('search_path'::text) <> 'history_maintenance'::text) AND (old.messages IS DISTINCT FROM new.messages))) EXECUTE FUNCTION history.array_rewritten();

CREATE TRIGGER history_2_counted_delete AFTER DELETE ON public.messages REFERENCING OLD TABLE AS before FOR EACH STATEMENT WHEN ((current_setting('search_path'::text) <> 'history_maintenance'::text)) EXECUTE FUNCTION history.messages_changed('mirror');

CREATE TRIGGER history_2_counted_insert AFTER INSERT ON public.messages FOR EACH ROW WHEN ((current_setting('search_path'::text) <> 'history_maintenance'::text)) EXECUTE FUNCTION history.message_added('mirror');

CREATE TRIGGER history_2_counted_update AFTER UPDATE ON public.messages REFERENCING OLD TABLE AS before FOR EACH STATEMENT WHEN ((current_setting('search_path'::text) <> 'history_maintenance'::text)) EXECUTE FUNCTION history.messages_changed('mirror');

CREATE TRIGGER history_3_array_stored AFTER INSERT ON public.conversations FOR EACH ROW WHEN (((jsonb_typeof(new.messages) <> 'null'::text) AND (new.messages <> '[]'::jsonb))) EXECUTE FUNCTION history.array_stored();

CREATE TRIGGER history_3_deleted AFTER DELETE ON public.conversations FOR EACH ROW EXECUTE FUNCTION history.conversation_deleted();

ALTER TABLE ONLY public.conversations
    ADD CONSTRAINT chat_sessions_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES public.tenants(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.conversations
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

CREATE POLICY "Admins can manage members" ON public.tenant_users TO authenticated USING ((tenant_id = ANY (ARRAY( SELECT history.my_admin_tenants() AS my_admin_tenants))));

CREATE POLICY "Members can view members" ON public.tenant_users FOR SELECT TO authenticated USING ((tenant_id = ANY (ARRAY( SELECT history.my_tenants() AS my_tenants))));

CREATE POLICY "Members can view their tenant" ON public.tenants FOR SELECT USING ((id IN ( SELECT tenant_users.tenant_id
   FROM public.tenant_users
  WHERE (tenant_users.user_id = auth.uid()))));

CREATE POLICY admin_select ON public.conversations FOR SELECT TO authenticated USING ((tenant_id = ANY (ARRAY( SELECT history.my_admin_tenants() AS my_admin_tenants))));

CREATE POLICY admin_select ON public.messages FOR SELECT TO authenticated USING ((tenant_id = ANY (ARRAY( SELECT history.my_admin_tenants() AS my_admin_tenants))));

ALTER TABLE public.conversations ENABLE ROW LEVEL SECURITY;

CREATE POLICY maintenance ON public.conversations TO owner_plain USING ((current_setting('search_path'::text) = 'history_maintenance'::text)) WITH CHECK ((current_setting('search_path'::text) = 'history_maintenance'::text));

CREATE POLICY maintenance ON public.messages TO owner_plain USING ((current_setting('search_path'::text) = 'history_maintenance'::text)) WITH CHECK ((current_setting('search_path'::text) = 'history_maintenance'::text));

ALTER TABLE public.messages ENABLE ROW LEVEL SECURITY;

CREATE POLICY own_delete ON public.conversations FOR DELETE TO authenticated USING (((user_id = ( SELECT history.user_id() AS user_id)) AND (tenant_id = ANY (ARRAY( SELECT history.my_tenants() AS my_tenants)))));

CREATE POLICY own_delete ON public.messages FOR DELETE TO authenticated USING (((user_id = ( SELECT history.user_id() AS user_id)) AND (tenant_id = ANY (ARRAY( SELECT history.my_tenants() AS my_tenants)))));

CREATE POLICY own_insert ON public.conversations FOR INSERT TO authenticated WITH CHECK (((user_id = ( SELECT history.user_id() AS user_id)) AND (tenant_id = ANY (ARRAY( SELECT history.my_tenants() AS my_tenants)))));

CREATE POLICY own_insert ON public.messages FOR INSERT TO authenticated WITH CHECK (((user_id = ( SELECT history.user_id() AS user_id)) AND (tenant_id = ANY (ARRAY( SELECT history.my_tenants() AS my_tenants))) AND history.owns_conversation(tenant_id, conversation_id)));

CREATE POLICY own_select ON public.conversations FOR SELECT TO authenticated USING (((user_id = ( SELECT history.user_id() AS user_id)) AND (tenant_id = ANY (ARRAY( SELECT history.my_tenants() AS my_tenants)))));

CREATE POLICY own_select ON public.messages FOR SELECT TO authenticated USING (((user_id = ( SELECT history.user_id() AS user_id)) AND (tenant_id = ANY (ARRAY( SELECT history.my_tenants() AS my_tenants)))));

CREATE POLICY own_update ON public.conversations FOR UPDATE TO authenticated USING (((user_id = ( SELECT history.user_id() AS user_id)) AND (tenant_id = ANY (ARRAY( SELECT history.my_tenants() AS my_tenants))))) WITH CHECK (((user_id = ( SELECT history.user_id() AS user_id)) AND (tenant_id = ANY (ARRAY( SELECT history.my_tenants() AS my_tenants)))));

CREATE POLICY own_update ON public.messages FOR UPDATE TO authenticated USING (((user_id = ( SELECT history.user_id() AS user_id)) AND (tenant_id = ANY (ARRAY( SELECT history.my_tenants() AS my_tenants))))) WITH CHECK (((user_id = ( SELECT history.user_id() AS user_id)) AND (tenant_id = ANY (ARRAY( SELECT history.my_tenants() AS my_tenants))) AND history.owns_conversation(tenant_id, conversation_id)));

CREATE POLICY service_role_delete ON public.conversations FOR DELETE TO service_role USING ((CURRENT_USER = 'service_role'::name));

CREATE POLICY service_role_delete ON public.messages FOR DELETE TO service_role USING ((CURRENT_USER = 'service_role'::name));

CREATE POLICY service_role_insert ON public.conversations FOR INSERT TO service_role WITH CHECK ((CURRENT_USER = 'service_role'::name));

CREATE POLICY service_role_insert ON public.messages FOR INSERT TO service_role WITH CHECK ((CURRENT_USER = 'service_role'::name));

CREATE POLICY service_role_select ON public.conversations FOR SELECT TO service_role USING ((CURRENT_USER = 'service_role'::name));

CREATE POLICY service_role_select ON public.messages FOR SELECT TO service_role USING ((CURRENT_USER = 'service_role'::name));

CREATE POLICY service_role_update ON public.conversations FOR UPDATE TO service_role USING ((CURRENT_USER = 'service_role'::name)) WITH CHECK ((CURRENT_USER = 'service_role'::name));

CREATE POLICY service_role_update ON public.messages FOR UPDATE TO service_role USING ((CURRENT_USER = 'service_role'::name)) WITH CHECK ((CURRENT_USER = 'service_role'::name));

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

REVOKE ALL ON FUNCTION history.converted_to(conversation uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION history.converted_to(conversation uuid) TO authenticated;
GRANT ALL ON FUNCTION history.converted_to(conversation uuid) TO service_role;
GRANT ALL ON FUNCTION history.converted_to(conversation uuid) TO history_functions;

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

REVOKE ALL ON FUNCTION history.pending_count(tenant uuid, conversation uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION history.pending_count(tenant uuid, conversation uuid) TO authenticated;
GRANT ALL ON FUNCTION history.pending_count(tenant uuid, conversation uuid) TO service_role;
GRANT ALL ON FUNCTION history.pending_count(tenant uuid, conversation uuid) TO history_functions;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.messages TO authenticated;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.messages TO service_role;

REVOKE ALL ON FUNCTION history.pending_messages(tenant uuid, conversation uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION history.pending_messages(tenant uuid, conversation uuid) TO authenticated;
GRANT ALL ON FUNCTION history.pending_messages(tenant uuid, conversation uuid) TO service_role;
GRANT ALL ON FUNCTION history.pending_messages(tenant uuid, conversation uuid) TO history_functions;

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

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.conversations TO authenticated;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.conversations TO service_role;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.chat_sessions TO authenticated;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.chat_sessions TO service_role;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.knowledge_base TO authenticated;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.knowledge_base TO service_role;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.tenant_users TO authenticated;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.tenant_users TO service_role;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.tenants TO authenticated;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.tenants TO service_role;
