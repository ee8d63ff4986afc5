-- Turns and tokens per day (UTC), user and model: every attempt at an answer, also those that were replaced. An admin gets the own
-- tenants; service_role, the owner and who else bypasses the policies gets all; everybody else nothing. Called by the view usage.
create or replace function history.usage_by_day()
returns table (tenant_id uuid, day date, user_id uuid, model text, turns bigint, input_tokens bigint, output_tokens bigint)
language plpgsql stable security definer set search_path = history_maintenance, pg_temp
as $$
declare
    -- Here current_user is the owner; as whom a caller works is what the session has set, which needs the right to it.
    caller constant text := coalesce(nullif(current_setting('role'), 'none'), session_user);
    is_ops constant boolean := caller in ('service_role', history.owner())
        or exists (select from pg_roles r where r.rolname = caller and (r.rolsuper or r.rolbypassrls));
    tenants constant uuid[] := case when not is_ops then array(select history.my_admin_tenants()) end;
begin
    if (select s.phase from history.state s) = 'prepared' then
        return;
    end if;
    return query
    select m.tenant_id, (m.created_at at time zone 'UTC')::date, m.user_id, m.model,
        count(*), sum(m.input_tokens), sum(m.output_tokens)
    from public.messages m
    where m.role = 'assistant' and (is_ops or m.tenant_id = any (tenants))
    group by 1, 2, 3, 4
    order by 1, 2, 3, 4;
end $$;

create or replace view history.usage with (security_invoker = true) as select * from history.usage_by_day();
