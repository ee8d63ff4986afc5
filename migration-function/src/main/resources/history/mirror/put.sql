-- Stores consecutive elements as rows or in quarantine, at seqs, or after before where that is null. The caller has the lock.
create or replace function history.put(
    tenant uuid, conversation uuid, owner uuid, otherwise timestamptz, elements jsonb, before bigint, seqs bigint[])
returns void
language plpgsql set search_path = history_maintenance, pg_temp
as $$
begin
    -- Not in the statement, which would ask for every element.
    otherwise := history.time_before(tenant, conversation, coalesce(seqs[1], before + 1), otherwise);
    with element as materialized (
        select * from history.elements(elements, conversation, otherwise, before, seqs)
    ), no_longer as (
        delete from public.messages m
        where m.tenant_id = tenant and m.conversation_id = conversation
            and m.seq = any (array(select e.seq from element e where e.reason is not null))
    ), freed as (
        delete from history.quarantine q
        where q.tenant_id = tenant and q.conversation_id = conversation
            and q."position" = any (array(select e.seq from element e where e.reason is null))
    ), kept as (
        insert into history.quarantine as q (tenant_id, conversation_id, "position", reason, element, original)
        select tenant, conversation, e.seq, e.reason, e.element, null from element e where e.reason is not null
        on conflict (tenant_id, conversation_id, "position")
            do update set reason = excluded.reason, element = excluded.element, original = excluded.original
    )
    insert into public.messages as m (id, tenant_id, conversation_id, user_id, seq, role, content, metadata, created_at,
        status, reply_to, lease_until, client_id, request_key, request_hash, model, input_tokens, output_tokens, parts)
    select coalesce((select gen_random_uuid() from public.messages m where m.id = e.id), e.id), -- somebody may have taken it
        tenant, conversation, owner, e.seq, e.role, e.content, e.metadata, e.created_at, t.*, history.parts_of(e.metadata)
    from element e cross join lateral history.turn_of(e.metadata) t where e.reason is null
    on conflict (tenant_id, conversation_id, seq)
        do update set role = excluded.role, content = excluded.content, metadata = excluded.metadata, created_at = excluded.created_at,
            status = excluded.status, reply_to = excluded.reply_to, lease_until = excluded.lease_until, client_id = excluded.client_id,
            request_key = excluded.request_key, request_hash = excluded.request_hash, model = excluded.model,
            input_tokens = excluded.input_tokens, output_tokens = excluded.output_tokens, parts = excluded.parts;
end $$;
