-- The list with the failure of an attempt in its question, in place of the mark, and without the place that was kept for the answer; the
-- keys of its requests are the question's then. asked, answered: places from 0, the second null for none. Called by finish_turn.
create or replace function history.failed_in_array(list jsonb, asked text, answered text, failure jsonb) returns jsonb
language plpgsql immutable set search_path = pg_catalog, pg_temp
as $$
declare
    requests constant jsonb := list #> array[answered, 'metadata', 'requests'];
begin
    list := case when answered is null then list else list #- array[answered] end #- array[asked, 'metadata', 'attempt'];
    return jsonb_set(list, array[asked, 'metadata'], coalesce(nullif(list #> array[asked, 'metadata'], 'null'), '{}')
        || jsonb_build_object('failure', failure) || case when requests is null then '{}' else jsonb_build_object(
            'requests', coalesce(list #> array[asked, 'metadata', 'requests'], '{}') || requests) end);
end $$;
