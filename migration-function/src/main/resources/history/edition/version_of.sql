-- The version of a conversation that has no revision yet: its updated_at in microseconds, which no two states share. The revision
-- starts from it, so it is the same before and after expand, and lower than any after a rollback. A time before 1970 or after the
-- year 9999 counts as the nearest time within them.
create or replace function history.version_of(updated_at timestamptz) returns bigint
language sql immutable parallel safe
return (extract(epoch from least(greatest(updated_at, timestamptz '1970-01-01 00:00:00+00'),
    timestamptz '9999-12-31 23:59:59.999999+00')) * 1000000)::bigint;
