-- A question's metadata when it is sent, again or edited: those that come with it instead of the client's own, and ours as they were.
create or replace function history.sent_metadata(was jsonb, sent jsonb) returns jsonb
language sql immutable parallel safe
begin atomic
    select coalesce(jsonb_object_agg(e.key, e.value) filter (where e.key = any (k.ours)), '{}') || coalesce(nullif(sent, 'null'), '{}') - k.ours
    from (select history.turn_keys() || '{legacy,failure}'::text[] as ours) k
    left join lateral jsonb_each(history.object_of(was)) e on true
    group by k.ours;
end;
