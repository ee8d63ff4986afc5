-- Rebuilds arrays from rows and compares them, for the conversations after a given one or from the first. Out: those that differ, or
-- have a message of another tenant or user. One statement, so that it sees an array and its rows at the same moment.
create or replace function history.verify_batch(
    after uuid, max_conversations integer, max_bytes bigint, out checked bigint, out reached uuid, out differing uuid[])
language plpgsql stable set search_path = history_maintenance, pg_temp
as $$
begin
    select count(*), (array_agg(compared.id order by compared.id desc))[1],
        coalesce(array_agg(compared.id order by compared.id) filter (where
            compared.rebuilt is distinct from compared.messages
                and not (compared.rebuilt is null and coalesce(compared.messages, 'null') in ('null', '[]'))
            or compared.message_count <> compared.counted), '{}')
    into checked, reached, differing
    from (
        select sized.id, sized.messages, sized.message_count, history.wrapped(sized.messages, history.rebuilt(sized.id)) as rebuilt, (
            select count(*) from public.messages m
            where m.tenant_id = sized.tenant_id and m.conversation_id = sized.id and m.user_id = sized.user_id
                    and m.current) as counted
        from (
            select c.*, sum(coalesce(pg_column_size(c.messages), 0)) over (order by c.id) as bytes,
                row_number() over (order by c.id) as place
            from (
                select p.id, p.tenant_id, p.user_id, p.messages, p.message_count from public.conversations p
                where (after is null or p.id > after) and p.last_seq is not null order by p.id limit max_conversations
            ) c
        ) sized
        where sized.bytes <= max_bytes or sized.place = 1
        offset 0
    ) compared;
end $$;
