-- The id that a caller's own key stands for, so that a retry meets its own row.
create or replace function history.derived_id(kind text, key text) returns uuid
language plpgsql stable set search_path = pg_catalog, pg_temp
as $$
begin
    return history.uuid_of(sha256(
        uuid_send(history.current_tenant()) || uuid_send(history.user_id())
        || int4send(octet_length(kind)) || convert_to(kind, 'UTF8') || convert_to(key, 'UTF8')));
end $$;
