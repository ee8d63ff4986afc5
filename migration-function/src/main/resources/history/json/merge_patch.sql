-- RFC 7396.
create or replace function history.merge_patch(target jsonb, patch jsonb) returns jsonb
language plpgsql immutable parallel safe set search_path = pg_catalog, pg_temp
as $$
begin
    return case when jsonb_typeof(patch) <> 'object' then patch else (
        select coalesce(jsonb_object_agg(merged.key, merged.value), '{}')
        from (
            select t.key, t.value from jsonb_each(history.object_of(target)) t where not patch ? t.key
            union all
            select p.key, history.merge_patch(target -> p.key, p.value) from jsonb_each(patch) p where p.value <> 'null') merged) end;
end $$;
