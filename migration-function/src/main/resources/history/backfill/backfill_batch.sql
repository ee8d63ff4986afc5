-- One commit of the backfill: some conversations in the order of their ids, or a slice of one that is too large. Those that are locked
-- are left for the next pass. more: whether anything is pending; yields_to: for whom it stopped early.
create or replace function history.backfill_batch(
    max_conversations integer, max_bytes bigint, max_slice bigint,
    out conversations bigint, out elements bigint, out quarantined bigint, out more boolean, out yields_to text)
language plpgsql set search_path = history_maintenance, pg_temp
as $$
declare
    reached uuid := (select s.backfilled_to from history.state s);
    candidate record;
    ids uuid[] := '{}';
    bytes bigint := 0;
    positions bigint := 0;
begin
    conversations := 0;
    elements := 0;
    quarantined := 0;
    more := true;
    for candidate in
        select c.id, coalesce(pg_column_size(c.messages), 0) as bytes,
            case when pg_column_size(c.messages) > max_bytes / 100 then null else history.element_count(c.messages) end as elements,
            pg_column_size(c.messages) > max_bytes or exists (select from history.progress p where p.conversation_id = c.id) as huge
        from public.conversations c
        where c.last_seq is null and c.id >= reached -- the first id there can be is one that somebody may choose
        order by c.id limit max_conversations
    loop
        -- What is small as it is stored may be of many elements; what is larger may take up to a hundred times as much unpacked.
        if candidate.elements is null and not candidate.huge then
            select history.element_count(m.unpacked), pg_column_size(m.unpacked) > max_bytes into candidate.elements, candidate.huge
            from (select c.messages #> '{}' as unpacked from public.conversations c where c.id = candidate.id offset 0) m;
        end if;
        if candidate.huge or candidate.elements > max_slice then
            if ids = '{}' then
                select s.* into elements, more from history.backfill_slice(candidate.id, max_bytes, max_slice) s;
                if more then
                    return;
                end if;
                more := true;
                continue when elements = 0; -- locked
                conversations := 1;
                reached := candidate.id;
            end if;
            exit;
        end if;
        reached := candidate.id;
        ids := ids || candidate.id;
        bytes := bytes + candidate.bytes;
        positions := positions + candidate.elements;
        exit when bytes >= max_bytes or positions >= max_slice;
    end loop;
    if ids <> '{}' then
        ids := array(
            select c.id from public.conversations c where c.id = any (ids) and c.last_seq is null
            order by c.id for no key update skip locked);
        select v.conversations, v.elements, v.quarantined, coalesce(v.stopped_at, reached), v.yields_to
        into conversations, elements, quarantined, reached, yields_to from history.convert_alone(ids) v;
    elsif conversations = 0 then
        reached := '00000000-0000-0000-0000-000000000000';
        more := exists (select from public.conversations c where c.last_seq is null);
    end if;
    update history.state s set backfilled_to = reached;
end $$;
