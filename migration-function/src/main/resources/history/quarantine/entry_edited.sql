-- quarantine, before an edit by hand: keeps the original element until the entry becomes a message, and sets the reason for the new
-- one. Only the element can be changed, and an entry is deleted only with its conversation.
create or replace function history.entry_edited() returns trigger
language plpgsql security definer set search_path = history_maintenance, pg_temp
as $$
declare
    edited jsonb;
begin
    if tg_op = 'DELETE' then
        if exists (select from public.conversations c where c.tenant_id = old.tenant_id and c.id = old.conversation_id) then
            raise exception 'An entry of the quarantine is a part of its conversation.'
                using errcode = 'insufficient_privilege', hint = 'Mend its element and migrate, or delete the conversation.';
        end if;
        return old;
    end if;
    edited := new.element;
    new := old;
    new.element := edited;
    new.original := nullif(coalesce(old.original, old.element), edited);
    new.reason := coalesce(case when old.reason <> 'not_an_array' then (history.message_of(edited))[3] end, old.reason);
    return new;
end $$;
