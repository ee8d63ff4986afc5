-- conversations, before the old application replaces an array: the changes go to the rows. Its copy may be stale, so it never
-- removes or changes messages that the API wrote, be it into the array: they keep their place and their text.
create or replace function history.array_rewritten() returns trigger
language plpgsql security definer set search_path = history_maintenance, pg_temp
as $$
declare
    otherwise timestamptz := coalesce(new.created_at, new.updated_at, to_timestamp(0));
    was jsonb := history.list_of(old.messages);
    becomes jsonb := history.list_of(new.messages);
    is_array boolean := history.unwrapped(new.messages) is not null;
    length integer := jsonb_array_length(was);
    added integer := jsonb_array_length(becomes) - length;
    done bigint;
    api text[]; -- null: it is not the old application, or the array goes on
begin
    if new.updated_at is not distinct from old.updated_at and row(new.messages)::record *<> row(old.messages)::record then
        new.updated_at := history.next_version(old.updated_at);
        new.revision := old.revision + 1;
    end if;
    if new.messages is not distinct from old.messages then -- 1.0 for 1: another text, but no other rows
        return new;
    end if;
    perform history.old_name_used();
    if session_user <> 'history_functions' and not (is_array and history.slice(becomes, 1, length) = was) then
        api := history.written_by_api(was, old.id);
    end if;
    if old.last_seq is null then -- too large for one commit: its first positions may be rows; if they have changed it starts again
        if array_remove(api, null) <> '{}' then
            becomes := history.with_api(was, becomes, api);
            new.messages := history.wrapped(new.messages, becomes);
            is_array := true;
        end if;
        done := (select p.converted from history.progress p where p.conversation_id = old.id);
        if done is null then
            return new;
        elsif not is_array or history.slice(was, 1, done) <> history.slice(becomes, 1, done) then
            perform history.remove(old.tenant_id, old.id, array(select generate_series(0, done)));
            delete from history.progress p where p.conversation_id = old.id;
        end if;
        return new;
    end if;
    if added > 0 and is_array and (length = 0
        or history.unwrapped(old.messages) is not null and history.slice(becomes, 1, length) = was)
    then
        perform history.put(
            old.tenant_id, old.id, old.user_id, otherwise, history.slice(becomes, length + 1, length + added), old.last_seq, null);
        new.last_seq := old.last_seq + added;
    else
        new.last_seq := history.rewrite(old.tenant_id, old.id, old.user_id, otherwise, old.last_seq, was, becomes,
            case when jsonb_typeof(new.messages) <> 'null' and not is_array then new.messages end, api);
        if array_remove(api, null) <> '{}' or exists (
            select from public.messages m
            where m.tenant_id = old.tenant_id and m.conversation_id = old.id and m.current and not m.metadata ? 'legacy')
        then
            new.messages := history.wrapped(new.messages, history.rebuilt(old.id));
        end if;
    end if;
    select n.messages, n.newest into new.message_count, new.last_message_at from history.counted(old.tenant_id, old.id) n;
    return new;
end $$;
