-- conversations, and chat_sessions once erase or a rollback has made it a trigger there, after insert by anybody but the migration: a
-- conversation of that user that erase or prune has deleted is refused with PT410, of which PostgREST makes a 410. After, because an
-- insert may have waited for the deletion, and nobody learns this of an id that the policies do not let them use.
create or replace function history.erased_refused() returns trigger
language plpgsql security definer set search_path = history_maintenance, pg_temp
as $$
begin
    if exists (
        select from history.deleted d
        where d.id = new.id and d.tenant_id = new.tenant_id and d.user_id = new.user_id and d.erased)
    then
        raise exception using errcode = 'PT410', message = 'This conversation has been erased, and cannot be stored again.';
    end if;
    return null;
end $$;
