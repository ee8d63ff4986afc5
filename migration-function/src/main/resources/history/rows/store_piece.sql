-- Writes what has arrived of an answer; as the owner, of the caller's own conversation. Called by flush_turn.
create or replace function history.store_piece(conversation uuid, answer uuid, content text) returns boolean
language plpgsql security definer set search_path = history_maintenance, pg_temp
as $$
declare
    tenant constant uuid := history.current_tenant();
    me constant uuid := history.user_id();
    c public.conversations;
    a public.messages;
begin
    select o.* into strict c from public.conversations o
    where o.tenant_id = tenant and o.user_id = me and o.id = conversation for no key update;
    perform history.refuse_message(content, null, 33554432);
    update public.messages m set content = store_piece.content
    where m.tenant_id = tenant and m.conversation_id = c.id and m.id = answer and m.status = 'running'
    returning m.* into a;
    if a.current then
        perform history.turn_written(c, c.last_seq, 0, '{}');
    end if;
    -- One that began before the switch has no row yet: that comes with its end.
    return a.id is not null or not exists (
        select from public.messages m where m.tenant_id = tenant and m.conversation_id = c.id and m.id = answer);
end $$;
