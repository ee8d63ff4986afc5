-- The parts of an answer with what result_of takes from a client's copy of them; everything else of a call stays as it is stored. Null if
-- there is nothing new. Called by continue_turn.
create or replace function history.with_results(parts jsonb, client_parts jsonb) returns jsonb
language sql immutable
begin atomic
    select case when bool_or(r.result is not null)
        then jsonb_agg(case when r.result is null then p.part else p.part || r.result end order by p.place) end
    from jsonb_array_elements(parts) with ordinality p(part, place)
    left join lateral (
        select t.result from jsonb_array_elements(client_parts) c(part)
        cross join lateral (select history.result_of(p.part, c.part) as result) t
        where t.result is not null limit 1) r on true;
end;
