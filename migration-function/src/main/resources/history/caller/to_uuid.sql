create or replace function history.to_uuid(value text) returns uuid
language plpgsql immutable parallel safe set search_path = pg_catalog, pg_temp
as $$
begin
    return value::uuid;
exception when data_exception then
    return null;
end $$;
