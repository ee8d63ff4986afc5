-- The same element gets the same id in every run. It begins like its conversation, so that a backfill in the order
-- of conversations appends to the index instead of scattering over it.
create or replace function history.element_id(conversation uuid, seq bigint) returns uuid
language sql immutable parallel safe
return history.uuid_of(
    substr(uuid_send(conversation), 1, 6) || substr(sha256(uuid_send(conversation) || int8send(seq)), 1, 10));
