-- The user of the token, null when there is none or it is no uuid.
create or replace function history.user_id() returns uuid
language plpgsql stable set search_path = pg_catalog, pg_temp
as $$
begin
    return history.to_uuid(history.claims() ->> 'sub');
end $$;
