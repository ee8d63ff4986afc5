-- For how many days each tenant keeps conversations; null where its settings say what is no number of days. With row_security off a
-- policy that hides a tenant is an error, in place of a tenant that keeps everything. Called by due and prune.
create or replace function history.retentions() returns table (tenant_id uuid, days integer)
language plpgsql stable set search_path = pg_catalog, pg_temp set row_security = off
as $$
begin
    return query
    select t.id, case when jsonb_typeof(s.days) = 'number' and s.days::text ~ '^[1-9]\d{0,4}$' then s.days::text::integer end
    from public.tenants t
    cross join lateral (select to_jsonb(t) #> '{settings,retention_days}' as days) s
    where s.days <> 'null';
end $$;
