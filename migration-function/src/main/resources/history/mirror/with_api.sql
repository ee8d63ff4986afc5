-- An array that replaces another one, with the elements that the API wrote there where they were, if any is missing or changed. api: their
-- ids, as in written_by_api. Called by array_rewritten, of a conversation that is not in rows yet.
create or replace function history.with_api(was jsonb, becomes jsonb, api text[]) returns jsonb
language sql immutable parallel safe
begin atomic
    with kept as (
        select e.value, e.place, e.id, count(*) filter (where e.id is null) over (order by e.place) as other
        from rows from (jsonb_array_elements(was), unnest(api)) with ordinality e(value, id, place)
    ), own as (
        select n.value, row_number() over (order by n.place) as other
        from (
            select e.value, e.place, row_number() over (partition by e.value ->> 'id' order by e.place) as nth
            from jsonb_array_elements(becomes) with ordinality e(value, place)) n
        where n.nth > 1 or (n.value ->> 'id' in (select k.id from kept k where k.id is not null)) is not true
    )
    select case when not exists (select k.value from kept k where k.id is not null except select jsonb_array_elements(becomes)) then becomes
        else jsonb_agg(m.value order by m.other, m.place) end
    from (
        select k.value, k.other, k.place from kept k where k.id is not null
        union all
        select o.value, o.other, 0 from own o) m;
end;
