-- Stores the elements that have changed (was: null for all), each at its seq; consecutive ones together, so that one without a time takes
-- its predecessor's. Called for arrays that the old application replaces, and for entries of the quarantine.
create or replace function history.put_changed(
    tenant uuid, conversation uuid, owner uuid, otherwise timestamptz, was jsonb[], becomes jsonb[], seqs bigint[])
returns void
language plpgsql set search_path = history_maintenance, pg_temp
as $$
declare
    run record;
begin
    for run in
        select jsonb_agg(c.element order by c.i) as elements, array_agg(c.seq order by c.i) as seqs
        from (
            select u.element, u.seq, u.i, u.seq - row_number() over (order by u.seq) as island
            from unnest(was, becomes, seqs) with ordinality u(before, element, seq, i)
            where u.seq is not null and u.before is distinct from u.element
        ) c
        group by c.island order by min(c.i)
    loop
        perform history.put(tenant, conversation, owner, otherwise, run.elements, 0, run.seqs);
    end loop;
end $$;
