-- The last step, days later: nobody uses the old name any more.
create or replace function history.complete() returns text
language plpgsql set search_path = history_maintenance, pg_temp
as $$
begin
    if (select phase from history.state) = 'complete' then
        return 'done before';
    elsif (select phase from history.state) <> 'migrated' then
        raise exception 'Nothing can be completed before migrate has succeeded.';
    end if;
    lock table public.conversations, public.messages in access exclusive mode;
    drop view public.chat_sessions;
    perform history.guard('complete');
    alter table public.conversations drop column messages;
    delete from history.remembered;
    delete from history.progress;
    perform history.enter('complete');
    return 'dropped the view, the mirrors and the array';
end $$;
