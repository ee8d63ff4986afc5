-- Goes back to chat_sessions. The arrays were kept up to date all the time, so this is mainly a rename.
create or replace function history.roll_back() returns text
language plpgsql set search_path = history_maintenance, pg_temp
as $$
declare
    was jsonb := (select original from history.state);
begin
    if current_user <> history.owner() then
        raise exception 'Only the owner of schema history goes back: set role %; then call this again.', history.owner();
    end if;
    if (select phase from history.state) = 'complete' then
        raise exception 'The migration is complete: the old arrays are gone, and there is nothing to go back to.';
    elsif (select phase from history.state) = 'prepared' then
        return 'nothing to roll back';
    end if;
    lock table public.conversations, public.messages in access exclusive mode;
    perform history.use_edition('none');
    drop view public.chat_sessions;
    perform history.let_listen(false);
    perform history.restore_sessions();
    if was ? 'published_conversations' then
        alter publication supabase_realtime drop table public.conversations;
    end if;
    alter table history.quarantine drop constraint if exists quarantine_conversation_fkey;
    perform history.set_aside();
    delete from history.labelled;
    drop table public.messages;
    alter table public.conversations
        drop constraint if exists history_filled_revision, drop column archived, drop column labels, drop column last_message_at,
        drop column revision, drop constraint conversations_tenant_id_id_key, drop column last_seq, drop column message_count,
        drop column request_hash;
    drop index if exists public.conversations_tenant_id_user_id_updated_at_id_idx, public.conversations_tenant_id_updated_at_id_idx;
    perform history.restore_team(was);
    perform history.use_edition('arrays');
    perform history.remember_definitions(array(select e.name from history.edition e));
    perform history.guard('prepared');
    delete from history.quarantine;
    delete from history.remembered;
    delete from history.progress;
    update history.state set original = '{}', fresh = false, backfilled_to = '00000000-0000-0000-0000-000000000000';
    perform history.enter('prepared');
    if exists (select from history.deleted d where d.erased) then
        perform history.refuse_in_arrays();
    end if;
    return 'chat_sessions is back';
end $$;
