-- The version of a conversation, which its ETag is made of: its updated_at in microseconds, which no two states share.
create or replace function history.version_of(updated_at timestamptz) returns bigint
language sql immutable parallel safe
return (extract(epoch from updated_at) * 1000000)::bigint;
