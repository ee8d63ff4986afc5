-- Removes the triggers, and restores title, metadata and times that the backfill filled in. Called by roll_back.
create or replace function history.restore_sessions() returns void
language plpgsql set search_path = history_maintenance, pg_temp
as $$
declare
    ours name;
begin
    for ours in
        select t.tgname from pg_trigger t join pg_proc f on f.oid = t.tgfoid
        where t.tgrelid = 'public.conversations'::regclass and f.pronamespace = 'history'::regnamespace
    loop
        execute format('drop trigger %I on public.conversations', ours);
    end loop;
    alter table public.conversations
        drop constraint if exists history_filled_title, drop constraint if exists history_filled_last_seq,
        drop constraint if exists history_filled_message_count,
        alter column title drop not null; -- before titles are null again
    update public.conversations c -- the revision that is made of it must not shrink
    set updated_at = c.updated_at + (c.revision - history.version_of(c.updated_at) + 1) * interval '1 microsecond'
    where c.revision > history.version_of(c.updated_at);
    update public.conversations c
    set title = case when r.was ? 'title' and c.title = r.became ->> 'title' then r.was ->> 'title' else c.title end,
        metadata = case when r.was ? 'metadata' and c.metadata = r.became -> 'metadata' then null else c.metadata end,
        created_at = case when r.was ? 'created_at' then null else c.created_at end,
        updated_at = case when r.was ? 'updated_at' and c.updated_at = (r.became ->> 'updated_at')::timestamptz then null
            else c.updated_at end
    from history.remembered r where r.conversation_id = c.id;
end $$;
