-- Parts without the data in their data URLs; what is left says what they were. Called by seen_by_model.
create or replace function history.without_data(parts jsonb) returns jsonb
language sql immutable parallel safe
begin atomic
    select jsonb_agg(case when p.part ->> 'url' like 'data:%' then p.part - 'url' else p.part end order by p.place)
    from jsonb_array_elements(parts) with ordinality p(part, place);
end;
