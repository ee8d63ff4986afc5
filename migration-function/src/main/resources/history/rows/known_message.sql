-- The message with an id: of its row, the client's own, or of its element; of either side, shown or not. Out: null columns if none.
create or replace function history.known_message(tenant uuid, conversation uuid, message_id text) returns public.messages
language plpgsql stable strict set search_path = history_maintenance, pg_temp
as $$
declare
    own constant uuid := history.to_uuid(message_id);
    derived uuid;
    found_message public.messages;
begin
    if own is not null then -- or a plan for null would be cheaper than the one to keep
        select m.* into found_message from public.messages m
        where m.tenant_id = tenant and m.conversation_id = conversation and m.id = own;
    end if;
    if not found then
        derived := history.derived_id('message', conversation || ' ' || message_id);
        select m.* into found_message from public.messages m
        where m.tenant_id = tenant and m.conversation_id = conversation and m.id = derived;
    end if;
    if not found then
        select m.* into found_message from public.messages m
        where m.tenant_id = tenant and m.conversation_id = conversation and m.metadata ? 'legacy'
            and m.client_id in (own::text, derived::text)
        order by m.metadata ? 'edit_of' limit 1; -- itself before what it said before it was edited
    end if;
    return found_message;
end $$;
