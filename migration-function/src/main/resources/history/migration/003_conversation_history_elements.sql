-- Conversation History, file 2 of 5: what an element of the old array becomes, and how it is rebuilt.

-- The same element gets the same id in every run. It begins like its conversation, so that a backfill in the order
-- of conversations appends to the index instead of scattering over it.
create or replace function history.element_id(conversation uuid, seq bigint) returns uuid
language sql immutable parallel safe
return history.uuid_of(
    substr(uuid_send(conversation), 1, 6) || substr(sha256(uuid_send(conversation) || int8send(seq)), 1, 10));

-- A plausible point in time of the years 2000 to 2100: ISO text, or seconds, milli- or microseconds of the epoch.
-- Everything else, and every word that PostgreSQL would take for a timestamp ('now', 'infinity'), is null.
create or replace function history.element_time(value jsonb) returns timestamptz
language plpgsql stable parallel safe set search_path = ''
as $$
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
end $$;

-- The one conversion of an array: a row per element, in its order.
--   before: how many positions precede the array (a slice); seqs: the seq of each element, where it is not its position.
--   reason: why the element cannot be a message, which is then kept as it is in element; null: it is one.
-- A column that is no array is one element with seq 0.
-- Whatever the columns of messages cannot hold stays under metadata.legacy, so that history.element_of rebuilds it exactly.
create or replace function history.elements(
    messages jsonb, conversation uuid, otherwise timestamptz, before bigint default 0, seqs bigint[] default null)
returns table (
    seq bigint, id uuid, role text, content text, metadata jsonb, created_at timestamptz, reason text, element jsonb)
language sql stable parallel safe
begin atomic
    select
        judged.seq,
        history.element_id(conversation, judged.seq),
        case when judged.reason is null then judged.role end,
        case when judged.reason is null then judged.content end,
        case when judged.reason is null then
            case when judged.lifted then judged.value -> 'metadata' else '{}'::jsonb end
            || jsonb_build_object('legacy', judged.value - array[
                case when jsonb_typeof(judged.value -> 'content') = 'string' then 'content' end,
                case when judged.value ->> 'role' = judged.role then 'role' end,
                case when judged.lifted then 'metadata' end])
        end,
        case
            -- What nearly all of them look like, without a call.
            when judged.fields ->> 'timestamp' ~
                '^20\d\d-(0[1-9]|1[0-2])-([01][1-9]|10|2[0-8])T([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d{1,6})?Z$'
                then (judged.fields ->> 'timestamp')::timestamptz
            else coalesce(
                case when judged.fields ? 'timestamp' then history.element_time(judged.fields -> 'timestamp') end,
                case when judged.fields ? 'created_at' then history.element_time(judged.fields -> 'created_at') end,
                case when judged.fields ? 'createdAt' then history.element_time(judged.fields -> 'createdAt') end,
                otherwise)
        end,
        judged.reason,
        case when judged.reason is not null then judged.value end
    from (
        select
            read.*,
            coalesce(jsonb_typeof(read.fields -> 'metadata') = 'object' and read.fields -> 'metadata' <> '{}'
                and not (read.fields -> 'metadata') ? 'legacy', false) as lifted,
            case
                when read.kind <> 'array' then 'not_an_array'
                when read.fields is null then 'not_an_object'
                when coalesce(read.fields -> 'content', 'null') = 'null' then 'content_missing'
                when read.content is null then 'content_without_text'
                when coalesce(read.fields -> 'role', 'null') = 'null' then 'role_missing'
                when read.role is null then 'role_unknown'
            end as reason
        from (
            select
                whole.kind,
                case when whole.kind = 'array' then coalesce(seqs[each.ordinal], before + each.ordinal) else 0 end as seq,
                each.value,
                case when jsonb_typeof(each.value) = 'object' then each.value end as fields,
                case when jsonb_typeof(each.value -> 'role') = 'string' then
                    case lower(each.value ->> 'role')
                        when 'user' then 'user' when 'human' then 'user'
                        when 'assistant' then 'assistant' when 'ai' then 'assistant'
                        when 'bot' then 'assistant' when 'model' then 'assistant'
                        when 'system' then 'system' when 'developer' then 'system'
                    end
                end as role,
                case jsonb_typeof(each.value -> 'content')
                    when 'string' then each.value ->> 'content'
                    when 'number' then each.value ->> 'content'
                    when 'boolean' then each.value ->> 'content'
                    when 'object' then
                        case when jsonb_typeof(each.value -> 'content' -> 'text') = 'string'
                            then each.value -> 'content' ->> 'text' end
                    when 'array' then (
                        select string_agg(
                            case jsonb_typeof(part.value)
                                when 'string' then part.value #>> '{}'
                                when 'object' then
                                    case when jsonb_typeof(part.value -> 'text') = 'string' then part.value ->> 'text' end
                            end, '' order by part.ordinal)
                        from jsonb_array_elements(
                            case when jsonb_typeof(each.value -> 'content') = 'array'
                                then each.value -> 'content' else '[]' end) with ordinality part(value, ordinal))
                end as content
            -- Once: to look at a large array for each of its elements takes minutes.
            from (select coalesce(jsonb_typeof(messages), 'null') as kind offset 0) whole
            cross join lateral jsonb_array_elements(
                case whole.kind when 'array' then messages when 'null' then '[]' else jsonb_build_array(messages) end
            ) with ordinality each(value, ordinal)
            offset 0 -- computes role and content once
        ) read
        offset 0
    ) judged;
end;

-- The positions first to last of an array, without looking at the others.
create or replace function history.slice(messages jsonb, first bigint, last bigint) returns jsonb
language sql immutable parallel safe
return jsonb_path_query_array(messages, '$[$a to $b]', jsonb_build_object('a', first - 1, 'b', last - 1));

-- The array element of a message: exactly the old one where it came from the array, else as the application writes it.
create or replace function history.element_of(
    id uuid, conversation_id uuid, user_id uuid, role text, content text, metadata jsonb, created_at timestamptz)
returns jsonb
language sql stable parallel safe
return case when metadata ? 'legacy' then
    (metadata -> 'legacy')
    || case when metadata -> 'legacy' ? 'content' then '{}' else jsonb_build_object('content', content) end
    || case when metadata -> 'legacy' ? 'role' then '{}' else jsonb_build_object('role', role) end
    || case when metadata -> 'legacy' ? 'metadata' or metadata - 'legacy' = '{}' then '{}'
        else jsonb_build_object('metadata', metadata - 'legacy') end
else
    jsonb_build_object(
        'id', id, 'content', content, 'role', role, 'sessionId', conversation_id, 'userId', user_id,
        'timestamp', to_char(created_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'))
    || case when metadata = '{}' then '{}' else jsonb_build_object('metadata', metadata) end
end;

-- Elements that cannot be messages: fix one here and migrate again, and it becomes a message.
-- position is the place in the conversation's order; 0: the whole column.
create table if not exists history.quarantine (
    tenant_id uuid not null,
    conversation_id uuid not null,
    "position" bigint not null,
    reason text not null,
    element jsonb not null,
    created_at timestamptz not null default now(),
    primary key (tenant_id, conversation_id, "position")
);

-- Values that were null or blank before, for the rollback.
create table if not exists history.remembered (
    conversation_id uuid primary key,
    was jsonb not null,
    became jsonb not null
);

-- How far a conversation is that is too large for one commit.
create table if not exists history.progress (
    conversation_id uuid primary key,
    converted bigint not null
);

-- These hold tenants' data. The owner is under their policies too, except while a function of this schema works.
do $$
declare
    private text;
begin
    foreach private in array array['quarantine', 'remembered', 'progress'] loop
        execute format('alter table history.%I enable row level security', private);
        execute format('alter table history.%I force row level security', private);
        execute format('revoke all on history.%I from public, anon, authenticated', private);
        if not exists (
            select from pg_catalog.pg_policies
            where schemaname = 'history' and tablename = private and policyname = 'maintenance')
        then
            execute format(
                'create policy maintenance on history.%I to %I using (%s) with check (%3$s)',
                private, current_user, 'current_setting(''search_path'') = ''history_maintenance''');
        end if;
    end loop;
    grant usage on schema history to service_role;
    grant select, update, delete on history.quarantine to service_role;
    if not exists (
        select from pg_catalog.pg_policies
        where schemaname = 'history' and tablename = 'quarantine' and policyname = 'service_role_select')
    then
        create policy service_role_select on history.quarantine for select to service_role
            using (current_user = 'service_role');
        create policy service_role_update on history.quarantine for update to service_role
            using (current_user = 'service_role') with check (current_user = 'service_role');
        create policy service_role_delete on history.quarantine for delete to service_role
            using (current_user = 'service_role');
    end if;
end $$;

-- The array of a conversation from its rows, in their order; null where there is nothing.
create or replace function history.rebuilt(conversation uuid) returns jsonb
language plpgsql stable set search_path = history_maintenance
as $$
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

select history.grant_access();
