-- How many messages of a conversation are shown, and when the newest of them was made. Called where a message may have gone or changed
-- its time; one that is added is counted by itself.
create or replace function history.counted(tenant uuid, conversation uuid, out messages integer, out newest timestamptz)
language plpgsql stable set search_path = history_maintenance, pg_temp
as $$
begin
    select count(*), max(m.created_at) into messages, newest
    from public.messages m where m.tenant_id = tenant and m.conversation_id = conversation and m.current;
end $$;
