-- Writes the array of a conversation anew, from its rows, to which it is converted first. Called by messages_changed, which has the lock.
create or replace function history.rebuild_array(tenant uuid, conversation uuid) returns void
language plpgsql set search_path = history_maintenance, pg_temp
as $$
declare
    elements jsonb;
begin
    perform history.convert(array[conversation]);
    elements := history.wrapped(
        (select c.messages from public.conversations c where c.tenant_id = tenant and c.id = conversation),
        coalesce(history.rebuilt(conversation), '[]'));
    perform history.refuse_growth(tenant, conversation, elements);
    update public.conversations c set messages = elements where c.tenant_id = tenant and c.id = conversation;
end $$;
