-- The seqs of the elements of a conversation in their order, and which of them the API wrote: their ids, null for others. api: as in
-- written_by_api; a copy of a row that never was an element is none of these. Called by rewrite.
create or replace function history.places(tenant uuid, conversation uuid, api text[], out seqs bigint[], out ids text[])
language plpgsql stable set search_path = history_maintenance, pg_temp
as $$
begin
    select array_agg(l.seq order by l.seq), array_agg(case when l.own is not null or l.rows = 0 then l.id end order by l.seq)
    into seqs, ids
    from (
        select n.seq, n.own, n.id, count(n.own) over (partition by n.id) as rows
        from (
            select e.seq, e.own, coalesce(e.own, a.id) as id
            from (
                select r.*, row_number() over (order by r.seq) as place
                from (
                    select m.seq, case when not m.metadata ? 'legacy' then m.id::text end as own
                    from public.messages m where m.tenant_id = tenant and m.conversation_id = conversation and m.current
                    union all
                    select q."position", null from history.quarantine q where q.tenant_id = tenant and q.conversation_id = conversation
                ) r
            ) e
            left join unnest(api) with ordinality a(id, place) on a.place = e.place
        ) n
    ) l;
end $$;
