create or replace function history.remove(tenant uuid, conversation uuid, seqs bigint[]) returns void
language plpgsql set search_path = history_maintenance, pg_temp
as $$
begin
    delete from public.messages m
    where m.tenant_id = tenant and m.conversation_id = conversation and m.seq = any (seqs);
    delete from history.quarantine q
    where q.tenant_id = tenant and q.conversation_id = conversation and q."position" = any (seqs);
end $$;
