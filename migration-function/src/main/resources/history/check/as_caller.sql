-- What a query gives to a caller, as JSON. In: the database role, the claims of the token. Out: null where the role may not read it.
-- Leaves the role as it was, and locks nothing. Called by check_isolation and check_plans.
create or replace function history.as_caller(caller text, claims jsonb, query text) returns jsonb
language plpgsql set search_path = pg_catalog, pg_temp
as $$
declare
    before constant text := current_setting('role');
    given jsonb;
begin
    perform set_config('request.jwt.claims', claims::text, true);
    perform set_config('role', caller, true);
    execute query into given;
    perform set_config('role', before, true);
    return given;
exception when insufficient_privilege then
    if not pg_has_role(caller, 'member') then
        raise;
    end if;
    return null;
end $$;
