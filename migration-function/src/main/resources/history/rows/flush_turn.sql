-- Keeps what has arrived of an answer. answer: the attempt. Out: false when the attempt is not running any more; nobody
-- looks at that yet. Locks the conversation, as the caller. Called by Turns, once a second while the model speaks.
create or replace function history.flush_turn(conversation uuid, answer uuid, content text) returns boolean
language plpgsql set search_path = pg_catalog, pg_temp
as $$
declare
    tenant constant uuid := history.current_tenant();
    me constant uuid := history.user_id();
begin
    perform from public.conversations o
    where o.tenant_id = tenant and o.user_id = me and o.id = conversation for no key update;
    return found and history.store_piece(conversation, answer, content);
end $$;
