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
