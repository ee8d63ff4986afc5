-- Releases what it can in the next conversations with entries in quarantine, after the given one. Out: how many entries, and the last
-- conversation; null if there was none. One commit of the migration, which repeats it until the end.
create or replace function history.release_batch(
    after_tenant uuid, after uuid, most integer, out released bigint, out reached_tenant uuid, out reached uuid)
language plpgsql set search_path = history_maintenance, pg_temp
as $$
declare
    c record;
begin
    released := 0;
    for c in
        select distinct q.tenant_id, q.conversation_id from history.quarantine q
        where (q.tenant_id, q.conversation_id) > (after_tenant, after)
        order by q.tenant_id, q.conversation_id limit most
    loop
        released := released + history.release_entries(c.tenant_id, c.conversation_id);
        reached_tenant := c.tenant_id;
        reached := c.conversation_id;
    end loop;
end $$;
