-- conversations, after insert or update of one with labels, by anybody: keeps the table that lists by label are read from.
create or replace function history.labelled_again() returns trigger
language plpgsql security definer set search_path = history_maintenance, pg_temp
as $$
begin
    delete from history.labelled l where l.conversation_id = new.id;
    insert into history.labelled (tenant_id, user_id, label, archived, place, conversation_id)
    select new.tenant_id, new.user_id, l, new.archived, coalesce(new.last_message_at, new.created_at, '-infinity'), new.id
    from unnest(new.labels) l
    on conflict do nothing;
    return null;
end $$;
