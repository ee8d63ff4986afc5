-- Entries of the quarantine that somebody has mended become messages. Returns how many.
create or replace function history.release_quarantine() returns bigint
language plpgsql set search_path = history_maintenance, pg_temp
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
