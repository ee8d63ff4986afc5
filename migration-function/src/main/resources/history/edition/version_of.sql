-- The version of a conversation that has no revision yet: its updated_at in microseconds, or the nearest time of the years 1970 to 9999.
-- The revision starts from it, so it is the same before and after expand, and lower than any after a rollback.
create or replace function history.version_of(updated_at timestamptz) returns bigint
language sql immutable parallel safe
return (extract(epoch from least(greatest(updated_at, timestamptz '1970-01-01 00:00:00+00'),
    timestamptz '9999-12-31 23:59:59.999999+00')) * 1000000)::bigint;
