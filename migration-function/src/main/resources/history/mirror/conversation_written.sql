-- conversations, before insert or update by a client.
create or replace function history.conversation_written() returns trigger
language plpgsql set search_path = pg_catalog, pg_temp
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
