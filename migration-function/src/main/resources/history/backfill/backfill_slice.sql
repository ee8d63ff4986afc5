create or replace function history.backfill_slice(
    conversation uuid, max_bytes bigint, max_slice bigint, out elements bigint, out more boolean)
language plpgsql set search_path = history_maintenance, pg_temp
as $$
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
    messages := (select history.list_of(p.messages #> '{}') from public.conversations p where p.id = conversation);
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
