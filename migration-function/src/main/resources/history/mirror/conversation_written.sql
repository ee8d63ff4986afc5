-- conversations, before insert or update by a client: fills in what the client leaves out, and overwrites what it may not set. An
-- update that changes nothing leaves revision and updated_at as they are.
create or replace function history.conversation_written() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
declare
    was record := old;
    became record;
begin
    if tg_op = 'INSERT' or old.last_seq is not null or new.title is distinct from old.title
        or new.metadata is distinct from old.metadata
    then -- otherwise the backfill will normalise what was there, and remember it
        new.title := case when new.title ~ '[^[:space:]]' then new.title else 'New Conversation' end;
        new.metadata := coalesce(new.metadata, '{}');
    end if;
    if new.labels <> '{}' then -- each once, and in one dimension
        new.labels := array(select l.label from unnest(new.labels) with ordinality l(label, place)
            where l.label is not null group by l.label order by min(l.place));
    end if;
    if tg_op = 'INSERT' then
        new.last_seq := 0;
        new.message_count := 0;
        new.last_message_at := null;
        new.created_at := coalesce(new.created_at, new.updated_at, now());
        new.updated_at := coalesce(new.updated_at, new.created_at);
        new.revision := history.version_of(new.updated_at);
        return new;
    end if;
    if new.id is distinct from old.id or new.tenant_id is distinct from old.tenant_id then
        raise check_violation using message = 'The id and the tenant of a conversation never change.',
            schema = tg_table_schema, table = tg_table_name;
    end if;
    new.last_seq := old.last_seq;
    new.message_count := old.message_count;
    new.created_at := coalesce(new.created_at, old.created_at);
    new.last_message_at := old.last_message_at;
    new.updated_at := old.updated_at;
    new.revision := old.revision;
    became := new; -- what is compared is unpacked: a large array in new would then be stored anew
    if tg_argv[0] = 'mirror' then -- compared by array_rewritten, where it is written
        was.messages := null;
        became.messages := null;
    end if;
    if became *<> was then
        new.updated_at := history.next_version(old.updated_at);
        new.revision := old.revision + 1;
    end if;
    return new;
end $$;
