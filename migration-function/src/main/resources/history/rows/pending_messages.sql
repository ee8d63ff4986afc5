-- The messages of a conversation that the backfill has not come to, or not to its end. Called where messages are read. When there are no
-- arrays any more no conversation is like that, so the query, which names the array, never runs.
create or replace function history.pending_messages(tenant uuid, conversation uuid) returns setof public.messages
language plpgsql stable set search_path = pg_catalog, pg_temp
as $$
begin
    if exists (select from public.conversations c where c.tenant_id = tenant and c.id = conversation and c.last_seq is null) then
        return query
        select e.id, c.tenant_id, c.id, c.user_id, e.seq, e.role::varchar(20), e.content, e.metadata, e.created_at, 'completed', true,
            null::uuid, null::timestamptz, null, null, null, null, null::integer, null::integer, history.parts_of(e.metadata)
        from public.conversations c
        cross join lateral history.elements(c.messages, c.id, coalesce(c.created_at, c.updated_at, to_timestamp(0))) e
        where c.tenant_id = tenant and c.id = conversation and e.reason is null
            and e.seq > coalesce((
                select max(m.seq) from public.messages m where m.tenant_id = tenant and m.conversation_id = conversation), 0);
    end if;
end $$;
