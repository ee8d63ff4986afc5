-- A UUIDv8 (RFC 9562) of the first 16 bytes of a hash.
create or replace function history.uuid_of(hash bytea) returns uuid
language sql immutable parallel safe
return encode(
    set_byte(
        set_byte(substr(hash, 1, 16), 6, (get_byte(hash, 6) & 15) | 128),
        8, (get_byte(hash, 8) & 63) | 128),
    'hex')::uuid;
