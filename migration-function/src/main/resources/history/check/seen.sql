-- How many rows of a table a caller sees. In: the database role, the claims of the token, the table. Out: the number; 0 where the
-- role may not read it. Leaves the role as it was, and locks nothing. Called by check_isolation.
create or replace function history.seen(caller text, claims jsonb, relation regclass) returns bigint
language plpgsql set search_path = pg_catalog, pg_temp
as $$
declare
    before constant text := current_setting('role');
    seen bigint;
begin
    perform set_config('request.jwt.claims', claims::text, true);
    perform set_config('role', caller, true);
    execute format('select count(*) from %s', relation) into seen;
    perform set_config('role', before, true);
    return seen;
exception when insufficient_privilege then
    if not pg_has_role(caller, 'member') then
        raise;
    end if;
    return 0;
end $$;
