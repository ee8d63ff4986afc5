-- The version of a conversation that has no revision yet: its updated_at in microseconds, which no two states share; its revision
-- begins there, so it is the same before and after the switch, and lower than any that comes after a rollback. What lies before 1970
-- or beyond four digits of a year is given out as the nearest time that does not.
create or replace function history.version_of(updated_at timestamptz) returns bigint
language sql immutable parallel safe
return (extract(epoch from least(greatest(updated_at, timestamptz '1970-01-01 00:00:00+00'),
    timestamptz '9999-12-31 23:59:59.999999+00')) * 1000000)::bigint;
