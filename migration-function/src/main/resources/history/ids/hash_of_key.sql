-- What an id is derived from, with the secret, that stands for a user's key. Called where such an id is needed.
create or replace function history.hash_of_key(tenant uuid, owner uuid, kind text, key text) returns bytea
language sql stable parallel safe
return sha256(uuid_send(tenant) || uuid_send(owner)
    || int4send(octet_length(kind)) || convert_to(kind, 'UTF8') || convert_to(key, 'UTF8'));
