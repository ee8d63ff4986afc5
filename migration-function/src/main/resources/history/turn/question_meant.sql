-- The question of an answer that was an element, by its row: the one that the element names, where that comes before the answer; else the
-- last one before it. An id that was derived from a place names another message, or none, once a rollback has shifted the places.
-- Called by take_over.
create or replace function history.question_meant(tenant uuid, conversation uuid, place bigint, named uuid) returns uuid
language plpgsql stable strict set search_path = history_maintenance, pg_temp
as $$
declare
    before record;
    other uuid;
begin
    select m.id, m.client_id into before from public.messages m
    where m.tenant_id = tenant and m.conversation_id = conversation and m.current and m.role = 'user' and m.seq < place
    order by m.seq desc limit 1;
    if named::text in (before.id::text, before.client_id) then
        return before.id;
    end if;
    select m.id into other from public.messages m
    where m.id = named and m.tenant_id = tenant and m.conversation_id = conversation and m.role = 'user' and m.seq < place;
    if not found then
        select m.id into other from public.messages m
        where m.tenant_id = tenant and m.conversation_id = conversation and m.metadata ? 'legacy' and m.client_id = named::text
            and m.role = 'user' and m.seq < place limit 1;
    end if;
    return coalesce(other, before.id, named);
end $$;
