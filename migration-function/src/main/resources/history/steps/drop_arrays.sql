-- The last step: drops the view, the mirrors and the arrays, for good. Locks both tables for milliseconds. Called by complete.
create or replace function history.drop_arrays() returns text
language plpgsql set search_path = history_maintenance, pg_temp
as $$
declare
    users text;
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
    delete from history.replaced;
    perform history.enter('complete');
    return 'dropped the view, the mirrors and the array';
exception when dependent_objects_still_exist then
    get stacked diagnostics users = pg_exception_detail;
    raise exception 'Nothing was dropped: %', users using hint = 'status names each of them, and what to do.';
end $$;
