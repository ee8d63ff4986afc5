-- The one conversion of an array: a row per element, in its order.
--   otherwise: the time of elements before the first that names one; all others without one take their predecessor's.
--   before: how many positions precede the array (a slice); seqs: the seq of each element, where it is not its position.
--   reason: why the element cannot be a message, which is then kept as it is in element; null: it is one.
-- A column that holds no array is one element with seq 0.
-- Whatever the columns of messages cannot hold stays under metadata.legacy, so that history.element_of rebuilds it exactly.
create or replace function history.elements(
    messages jsonb, conversation uuid, otherwise timestamptz, before bigint default 0, seqs bigint[] default null)
returns table (
    seq bigint, id uuid, role text, content text, metadata jsonb, created_at timestamptz, reason text, element jsonb)
language sql stable parallel safe
begin atomic
    select
        read.seq,
        history.element_id(conversation, read.seq),
        case when read.plain then read.value ->> 'role' else read.message[1] end,
        case when read.plain then read.value ->> 'content' else read.message[2] end,
        case
            when read.plain then
                case when history.is_lifted(read.value) then read.value -> 'metadata' else '{}' end
                || jsonb_build_object('legacy', read.value - case when history.is_lifted(read.value)
                    then array['content', 'role', 'metadata'] else array['content', 'role'] end)
            when read.message[3] is null then history.kept(read.value, read.message[1], read.message[2])
        end,
        coalesce(read.time, to_timestamp(read.last_time[2]), otherwise),
        read.message[3],
        case when read.message[3] is not null then read.value end
    from (
        select each.*,
            max(array[each.ordinal, date_part('epoch', each.time)]) filter (where each.time is not null)
                over (rows unbounded preceding) as last_time,
            case when stored.holds then coalesce(seqs[each.ordinal], before + each.ordinal) else 0 end as seq,
            case
                when each.plain then null
                when not stored.holds then array[null, null, 'not_an_array']
                else history.message_of(each.value)
            end as message
        -- Unpacked once: to look at a large array for each of its elements takes minutes.
        from (
            select history.list_of(messages #> '{}') as list,
                coalesce(jsonb_typeof(messages) in ('array', 'null') or history.list_path(messages) is not null, true) as holds
            offset 0) stored
        cross join lateral (
            select e.value, e.ordinal,
                case when e.value ->> 'role' in ('user', 'assistant', 'system') and jsonb_typeof(e.value -> 'content') = 'string'
                    and stored.holds
                    then not e.value ?| (history.role_keys() || history.text_keys() || array['history_absent']) else false end as plain,
                case -- what nearly all of them look like, without a call
                    when e.value ->> 'timestamp' ~
                        '^20\d\d-(0[1-9]|1[0-2])-([01][1-9]|10|2[0-8])T([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d{1,6})?Z$'
                        then (e.value ->> 'timestamp')::timestamptz
                    when e.value ->> 'timestamp' ~ '^[1-3]\d{12}$' -- milliseconds of the epoch
                        then to_timestamp(((e.value ->> 'timestamp')::numeric / 1000)::double precision)
                    else coalesce(
                        case when jsonb_typeof(e.value -> 'timestamp') = 'number' then history.element_time(e.value -> 'timestamp') end,
                        case when e.value ?| (history.time_keys() || array['message', 'kwargs', 'data', 'metadata'])
                            or jsonb_typeof(e.value) = 'string' then history.time_of(e.value) end)
                end as time
            from jsonb_array_elements(stored.list) with ordinality e(value, ordinal)
            offset 0) each
        offset 0
    ) read;
end;
