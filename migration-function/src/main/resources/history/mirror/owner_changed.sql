-- conversations, after a change of its user: updates the messages, and with 'mirror' the array, since its elements name the user.
create or replace function history.owner_changed() returns trigger
language plpgsql security definer set search_path = history_maintenance, pg_temp
as $$
declare
    elements jsonb;
begin
    update public.messages m set user_id = new.user_id where m.tenant_id = new.tenant_id and m.conversation_id = new.id;
    if tg_argv[0] = 'mirror' and exists (
        select from public.messages m
        where m.tenant_id = new.tenant_id and m.conversation_id = new.id and m.current and not m.metadata ? 'legacy')
    then
        elements := history.wrapped(new.messages, history.rebuilt(new.id));
        update public.conversations c set messages = elements where c.tenant_id = new.tenant_id and c.id = new.id;
    end if;
    return null;
end $$;
