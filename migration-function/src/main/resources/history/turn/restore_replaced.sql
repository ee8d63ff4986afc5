-- Restores what a rollback set aside: rows at the end of their conversations, archived and labels. What was a conversation's that had the id
-- before goes. One whose id another message has by now, because it was derived from a place, gets another id. Called by take_over.
create or replace function history.restore_replaced(ids uuid[]) returns void
language plpgsql set search_path = history_maintenance, pg_temp
as $$
declare
    renamed constant jsonb := (
        select jsonb_object_agg(r.message_id, gen_random_uuid()) from history.replaced r
        where r.conversation_id = any (ids) and r.message_id <> r.conversation_id
            and exists (select from public.messages m where m.id = r.message_id));
begin
    with kept as (
        delete from history.replaced r where r.conversation_id = any (ids) returning r.conversation_id, r.message_id, r.message
    ), same as (
        select k.* from kept k join public.conversations c on c.id = k.conversation_id
        where (c.created_at > (k.message ->> 'conversation_since')::timestamptz + interval '1 second') is not true
    ), listed as (
        update public.conversations c
        set archived = (k.message -> 'archived')::boolean, labels = array(select jsonb_array_elements_text(k.message -> 'labels'))
        from same k where k.message_id = k.conversation_id and c.id = k.conversation_id
    )
    insert into public.messages
    select (jsonb_populate_record(null::public.messages, history.with_names(k.message, renamed) || jsonb_build_object('seq',
        l.seq + row_number() over (partition by k.conversation_id order by (k.message ->> 'seq')::bigint)))).*
    from same k
    join public.conversations c on c.id = k.conversation_id
    cross join lateral (
        select greatest(c.last_seq, max(m.seq)) as seq from public.messages m
        where m.tenant_id = c.tenant_id and m.conversation_id = c.id) l
    where k.message_id <> k.conversation_id;
    update public.messages m set lease_until = null, status = case when m.content = '' then 'failed' else 'incomplete' end
    where m.conversation_id = any (ids) and m.lease_until is not null and not m.current and m.status = 'running' and exists (
        select from public.messages e -- what the array has of its end
        where e.tenant_id = m.tenant_id and e.conversation_id = m.conversation_id and e.current
            and m.id::text in (e.client_id, e.metadata #>> '{failure,attempt}'));
end $$;
