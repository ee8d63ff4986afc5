-- Keeps what has arrived of an answer. answer: the attempt; content: null to look only. Out: false when the attempt is not running any
-- more: stopped, replaced, or deleted with its conversation; who makes it ends then. Locks the conversation, as the caller, when there is
-- something to keep. Called by Turns, once a second while the model is asked.
create or replace function history.flush_turn(conversation uuid, answer uuid, content text) returns boolean
language plpgsql set search_path = pg_catalog, pg_temp
as $$
declare
    tenant constant uuid := history.current_tenant();
    me constant uuid := history.user_id();
begin
    if content is not null then
        perform from public.conversations o
        where o.tenant_id = tenant and o.user_id = me and o.id = conversation for no key update;
    else
        perform from public.conversations o where o.tenant_id = tenant and o.user_id = me and o.id = conversation;
    end if;
    return found and history.store_piece(conversation, answer, content);
end $$;
