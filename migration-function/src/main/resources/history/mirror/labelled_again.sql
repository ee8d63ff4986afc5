-- conversations, after insert, update or delete of one with labels, by anybody: keeps the table that lists by label are read from.
create or replace function history.labelled_again() returns trigger
language plpgsql security definer set search_path = history_maintenance, pg_temp
as $$
begin
    if tg_op <> 'INSERT' then
        delete from history.labelled l where l.conversation_id = old.id;
    end if;
    if tg_op <> 'DELETE' then
        insert into history.labelled (tenant_id, user_id, label, archived, place, conversation_id)
        select new.tenant_id, new.user_id, l, new.archived, coalesce(new.last_message_at, new.created_at, '-infinity'), new.id
        from unnest(new.labels) l
        on conflict do nothing;
    end if;
    return null;
end $$;
