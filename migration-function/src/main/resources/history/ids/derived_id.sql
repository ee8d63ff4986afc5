-- The id derived from a caller's own key, so that a retry finds its own row; nobody else can compute it. Raises PT403 if the caller has
-- no tenant. A row from before there was a secret keeps its id. Called with every key of a client.
create or replace function history.derived_id(kind text, key text) returns uuid
language plpgsql stable strict security definer set search_path = pg_catalog, pg_temp
as $$
declare
    tenant constant uuid := history.current_tenant();
    me constant uuid := history.user_id();
    named constant bytea := history.hash_of_key(tenant, me, kind, key);
    secret record;
    earlier uuid;
begin
    select s.value, s.older into strict secret from history.secret s;
    if secret.older then
        earlier := history.uuid_of(named);
        if history.exists_with(earlier, tenant, me, kind, key) then
            return earlier;
        end if;
    end if;
    return history.uuid_of(sha256(secret.value || named));
end $$;
