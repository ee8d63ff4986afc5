-- Writes what has arrived of an answer, unless it is null, as the owner. In and out as in flush_turn, which calls it.
create or replace function history.store_piece(conversation uuid, answer uuid, content text) returns boolean
language plpgsql security definer set search_path = history_maintenance, pg_temp
as $$
declare
    tenant constant uuid := history.current_tenant();
    me constant uuid := history.user_id();
    c public.conversations;
    a public.messages;
begin
    if content is null then -- nothing is locked, so it may be deleted at this moment: the next check finds that
        select o.* into c from public.conversations o
        where o.tenant_id = tenant and o.user_id = me and o.id = conversation;
    else
        select o.* into strict c from public.conversations o
        where o.tenant_id = tenant and o.user_id = me and o.id = conversation for no key update;
    end if;
    a := history.marked_with(c, answer);
    if content is not null and a.status = 'running' then
        perform history.refuse_message(content, null, null, 33554432);
        update public.messages m set content = store_piece.content where m.tenant_id = tenant and m.id = a.id;
        if a.current then
            perform history.turn_written(c, c.last_seq, 0, '{}');
        end if;
    end if;
    -- One that began before the switch has no row yet: that comes with its end.
    return coalesce(a.status = 'running' or a.role = 'user' and a.id <> answer, c.last_seq is null);
end $$;
