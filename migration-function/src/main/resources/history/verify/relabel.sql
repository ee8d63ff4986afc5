-- Makes lists by label show the labels of some conversations as they are. Out: how many there were, null if none. Locks them. Called by
-- migrate with a part of mislabelled.
create or replace function history.relabel(ids uuid[]) returns text
language plpgsql set search_path = history_maintenance, pg_temp
as $$
begin
    perform from public.conversations c where c.id = any (ids) order by c.id for no key update;
    delete from history.labelled l where l.conversation_id = any (ids);
    insert into history.labelled (tenant_id, user_id, label, archived, place, conversation_id)
    select c.tenant_id, c.user_id, l.label, c.archived, coalesce(c.last_message_at, c.created_at, '-infinity'), c.id
    from public.conversations c cross join unnest(c.labels) l(label)
    where c.id = any (ids) and l.label is not null
    on conflict do nothing;
    return nullif(cardinality(ids), 0) || ' mended';
end $$;
