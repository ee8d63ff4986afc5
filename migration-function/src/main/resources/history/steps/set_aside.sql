-- Before a rollback: stores replaced messages, archived and labels, which arrays cannot hold, until the next migration; and drops what
-- add_columns added. Called by roll_back, which has the locks.
create or replace function history.set_aside() returns void
language plpgsql set search_path = history_maintenance, pg_temp
as $$
begin
    insert into history.replaced (conversation_id, message_id, message)
    select m.conversation_id, m.id, to_jsonb(m) from public.messages m
    where not m.current and not m.metadata ? 'version_of'; -- those are in their message's metadata, too
    insert into history.replaced (conversation_id, message_id, message)
    select c.id, c.id, jsonb_build_object('archived', c.archived, 'labels', c.labels) from public.conversations c
    where c.archived or c.labels <> '{}';
    delete from history.labelled;
    alter table public.conversations
        drop constraint if exists history_filled_revision,
        drop column archived,
        drop column labels,
        drop column last_message_at,
        drop column revision;
end $$;
