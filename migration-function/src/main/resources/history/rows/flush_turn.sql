-- Stores what has arrived of an answer. answer: the attempt; content: null only to check. Out: false if the attempt is not running any
-- more (stopped, replaced, or deleted with its conversation), and its call should end. Locks the conversation, as the caller, if there
-- is something to store. Called by Turns, once a second while the model answers.
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
