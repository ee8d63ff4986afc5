-- Gives the key of a request whose answer is deleted to its question, if that is there and has none: asked again, it is that one's.
-- Called by remove_message and messages_changed, which have the lock.
create or replace function history.return_key(
    tenant uuid, conversation uuid, question uuid, key text, key_hash text, requests jsonb) returns void
language plpgsql set search_path = history_maintenance, pg_temp
as $$
declare
    kept constant jsonb := jsonb_strip_nulls(jsonb_build_object('requests', requests));
begin
    update public.messages m
    set request_key = key, request_hash = key_hash, metadata = history.object_of(m.metadata) || kept
    where m.tenant_id = tenant and m.conversation_id = conversation and m.id = question and m.request_key is null and key is not null;
end $$;
