-- The id of an element's message, the same in every run. It begins like its conversation's id, so that a backfill in the order
-- of conversations appends to the index.
create or replace function history.element_id(conversation uuid, seq bigint) returns uuid
language sql immutable parallel safe
return history.uuid_of(
    substr(uuid_send(conversation), 1, 6) || substr(sha256(uuid_send(conversation) || int8send(seq)), 1, 10));
