-- conversations, before insert or update by a client: what the client leaves out, and what is not for it to say.
create or replace function history.conversation_written() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
begin
    if tg_op = 'INSERT' then
        new.last_seq := 0;
        new.message_count := 0;
        new.revision := 0;
        new.last_message_at := null;
        new.created_at := coalesce(new.created_at, new.updated_at, now());
        new.updated_at := coalesce(new.updated_at, new.created_at);
    else
        if new.id is distinct from old.id or new.tenant_id is distinct from old.tenant_id then
            raise check_violation using message = 'The id and the tenant of a conversation never change.',
                schema = tg_table_schema, table = tg_table_name;
        end if;
        new.last_seq := old.last_seq;
        new.message_count := old.message_count;
        new.revision := old.revision + 1;
        new.last_message_at := old.last_message_at;
        new.updated_at := history.next_version(old.updated_at);
        if old.last_seq is null and new.title is not distinct from old.title
            and new.metadata is not distinct from old.metadata then
            return new; -- the backfill will normalise what was there, and remember it
        end if;
    end if;
    if new.title is null or new.title !~ '[^[:space:]]' then
        new.title := 'New Conversation';
    end if;
    new.metadata := coalesce(new.metadata, '{}');
    return new;
end $$;
