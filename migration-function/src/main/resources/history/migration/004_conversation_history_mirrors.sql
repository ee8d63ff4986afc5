-- Conversation History, file 3 of 5: what happens when a conversation, its array or a message is written.
-- Trigger functions only; they are attached when the tables exist (history.expand).
-- The functions that do the migration's own work have the search_path history_maintenance: a schema that does not exist, so it
-- is as safe as an empty one, and a sign that only belongs to this work. (A setting of our own would be the obvious sign, but
-- only a superuser may attach one to a function.) Under it the owner passes the forced policies, and the triggers rest: so
-- neither mirror feeds the other, and a backfill touches no updated_at.

-- Volatile on purpose: it sees a conversation that the same statement has just made.
create or replace function history.owns_conversation(tenant uuid, conversation uuid) returns boolean
language plpgsql volatile security definer set search_path = history_maintenance
as $$
begin
    return exists (
        select from public.conversations c
        where c.tenant_id = tenant and c.id = conversation and c.user_id = history.user_id());
end $$;

-- conversations, before insert or update by a client.
create or replace function history.conversation_written() returns trigger
language plpgsql set search_path = ''
as $$
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

-- Makes elements the rows, or the quarantine, of the given seqs; null seqs: the positions after before.
create or replace function history.put(
    tenant uuid, conversation uuid, owner uuid, otherwise timestamptz, elements jsonb, before bigint, seqs bigint[])
returns void
language plpgsql set search_path = history_maintenance
as $$
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

create or replace function history.remove(tenant uuid, conversation uuid, seqs bigint[]) returns void
language plpgsql set search_path = history_maintenance
as $$
begin
    delete from public.messages m
    where m.tenant_id = tenant and m.conversation_id = conversation and m.seq = any (seqs);
    delete from history.quarantine q
    where q.tenant_id = tenant and q.conversation_id = conversation and q."position" = any (seqs);
end $$;

-- conversations, before insert of an array by the old application.
create or replace function history.array_inserted() returns trigger
language plpgsql security definer set search_path = history_maintenance
as $$
begin
    select coalesce(max(e.seq), 0), count(*) filter (where e.reason is null)
    into new.last_seq, new.message_count
    from history.elements(new.messages, new.id, new.created_at) e;
    return new;
end $$;

-- ... and after it, when the conversation is there.
create or replace function history.array_stored() returns trigger
language plpgsql security definer set search_path = history_maintenance
as $$
begin
    perform history.put(new.tenant_id, new.id, new.user_id, new.created_at, new.messages, 0, null);
    return null;
end $$;

-- conversations, before the old application replaces an array: what changed becomes rows. Its copy may be stale, so
-- messages that the API wrote are never lost or altered by it: they keep their place and their text.
create or replace function history.array_rewritten() returns trigger
language plpgsql security definer set search_path = history_maintenance
as $$
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

-- conversations, after delete: the cascade before there is a foreign key, and for what has none.
create or replace function history.conversation_deleted() returns trigger
language plpgsql security definer set search_path = history_maintenance
as $$
begin
    delete from public.messages m where m.tenant_id = old.tenant_id and m.conversation_id = old.id;
    delete from history.quarantine q where q.tenant_id = old.tenant_id and q.conversation_id = old.id;
    delete from history.remembered r where r.conversation_id = old.id;
    delete from history.progress p where p.conversation_id = old.id;
    return null;
end $$;

-- Makes rows of what is not yet, in whole conversations that the caller has locked.
create or replace function history.convert(
    ids uuid[], out conversations bigint, out elements bigint, out quarantined bigint)
language plpgsql set search_path = history_maintenance
as $$
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

-- messages, before insert by a client: the next place in the conversation, under its lock.
create or replace function history.message_inserted() returns trigger
language plpgsql security definer set search_path = history_maintenance
as $$
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

-- messages, before update by a client: it stays where it is, and what no longer is as it was is not kept as legacy.
create or replace function history.message_updated() returns trigger
language plpgsql security definer set search_path = history_maintenance
as $$
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

-- messages, after insert by a client: counts, and with the argument 'mirror' appends to the array. For each row, because
-- a trigger with a transition table would make the backfill keep a copy of every row.
create or replace function history.message_added() returns trigger
language plpgsql security definer set search_path = history_maintenance
as $$
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

-- messages, after update or delete by a client: counts, and with 'mirror' renews the array.
create or replace function history.messages_changed() returns trigger
language plpgsql security definer set search_path = history_maintenance
as $$
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

select history.grant_access();
