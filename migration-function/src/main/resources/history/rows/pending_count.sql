-- How many messages a conversation will have that the backfill has not come to. Called where conversations are read.
create or replace function history.pending_count(tenant uuid, conversation uuid) returns integer
language plpgsql stable set search_path = pg_catalog, pg_temp
as $$
begin
    return case when exists (select from public.conversations c where c.tenant_id = tenant and c.id = conversation and c.last_seq is null)
        then (select count(*) from history.pending_messages(tenant, conversation))
            + (select count(*) from public.messages m where m.tenant_id = tenant and m.conversation_id = conversation) else 0 end;
end $$;
