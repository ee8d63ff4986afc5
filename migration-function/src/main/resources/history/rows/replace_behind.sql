-- Marks what is shown between two places as replaced, and ends what is running there. Out: how many messages. Called under the lock.
create or replace function history.replace_behind(tenant uuid, conversation uuid, after bigint, before bigint) returns integer
language plpgsql set search_path = history_maintenance, pg_temp
as $$
declare
    replaced integer;
begin
    update public.messages m
    set current = false, lease_until = null,
        status = case when m.status <> 'running' then m.status when m.content = '' then 'failed' else 'incomplete' end
    where m.tenant_id = tenant and m.conversation_id = conversation and m.current and m.seq > after and m.seq < before;
    get diagnostics replaced = row_count;
    return replaced;
end $$;
