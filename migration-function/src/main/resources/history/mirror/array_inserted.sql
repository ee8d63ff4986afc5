-- conversations, before insert of an array by the old application.
create or replace function history.array_inserted() returns trigger
language plpgsql security definer set search_path = history_maintenance, pg_temp
as $$
begin
    perform history.old_name_used();
    select coalesce(max(e.seq), 0), count(*) filter (where e.reason is null), max(e.created_at) filter (where e.reason is null)
    into new.last_seq, new.message_count, new.last_message_at
    from history.elements(new.messages, new.id, new.created_at) e;
    return new;
end $$;
