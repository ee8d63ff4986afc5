-- conversations, before insert by a client: marks a row whose id is taken, for id_refused to refuse.
create or replace function history.conversation_asked() returns trigger
language plpgsql security definer set search_path = history_maintenance, pg_temp
as $$
begin
    new.last_seq := case when exists (select from public.conversations c where c.id = new.id) then -1 else 0 end;
    return new;
end $$;
