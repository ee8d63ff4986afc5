-- Turns a conversation's entries in quarantine into messages, if they can be now: those that somebody has fixed, and those that a later
-- version of the conversion can read. Out: how many. Locks the conversation. Called by release_batch.
create or replace function history.release_entries(tenant uuid, conversation uuid) returns bigint
language plpgsql set search_path = history_maintenance, pg_temp
as $$
declare
    c record;
    whole jsonb;
    places bigint[] := '{}';
    mended record;
    counted record;
    released bigint := 0;
begin
    select p.user_id, p.last_seq, coalesce(p.created_at, now()) as otherwise into c
    from public.conversations p where p.tenant_id = tenant and p.id = conversation and p.last_seq is not null
    for no key update;
    if not found then
        return 0;
    end if;
    delete from history.quarantine q
    where q.tenant_id = tenant and q.conversation_id = conversation and q."position" = 0 and history.unwrapped(q.element) is not null
    returning history.unwrapped(q.element) into whole;
    if whole is not null then
        -- The column came before all later messages, so its elements do too.
        places := array(select i - case when c.last_seq = 0 then 0 else jsonb_array_length(whole) end
            from generate_series(1, jsonb_array_length(whole)) i);
        perform history.put(tenant, conversation, c.user_id, c.otherwise, whole, 0, places);
        released := 1;
    end if;
    select array_agg(q.element order by q."position") as elements, array_agg(q."position" order by q."position") as places into mended
    from history.quarantine q
    where q.tenant_id = tenant and q.conversation_id = conversation and q."position" <> 0
        and (history.message_of(q.element))[3] is null;
    perform history.put_changed(tenant, conversation, c.user_id, c.otherwise, null, mended.elements, mended.places);
    released := released + coalesce(cardinality(mended.places), 0);
    if released > 0 then
        counted := history.counted(tenant, conversation);
        update public.conversations p
        set last_seq = greatest(p.last_seq, places[cardinality(places)]), message_count = counted.messages,
            last_message_at = counted.newest, revision = p.revision + 1
        where p.tenant_id = tenant and p.id = conversation;
        if (select phase from history.state) <> 'complete' then
            update public.conversations p set messages = history.wrapped(p.messages, coalesce(history.rebuilt(conversation), '[]'))
            where p.tenant_id = tenant and p.id = conversation
                and p.messages is distinct from history.wrapped(p.messages, coalesce(history.rebuilt(conversation), '[]'));
        end if;
    end if;
    return released;
end $$;
