-- How PostgreSQL runs a statement for a user, found by running it. If a table is so small that reading all of it is cheapest, it asks
-- for the plan that a large one would have. Called by check_plans. Locks nothing.
create or replace function history.plan_of(caller uuid, tenant uuid, relation regclass, statement text) returns jsonb
language plpgsql set search_path = pg_catalog, pg_temp
as $$
declare
    before constant text := current_setting('role');
    large constant text := case when pg_relation_size(relation) > 8388608 then 'on' else 'off' end;
    plan jsonb;
begin
    perform set_config('enable_seqscan', large, true), set_config('enable_sort', large, true),
        set_config('request.jwt.claims', jsonb_build_object('sub', caller, 'tenant_id', tenant)::text, true);
    perform set_config('role', 'authenticated', true);
    execute 'explain (analyze, buffers, format json) ' || statement into plan;
    perform set_config('role', before, true);
    return plan -> 0;
end $$;
