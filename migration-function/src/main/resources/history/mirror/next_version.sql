-- The next updated_at of a conversation, its version for clients: now, but later than the old one, unless that is an impossible time.
create or replace function history.next_version(before timestamptz) returns timestamptz
language sql volatile
return case when before >= clock_timestamp() and before < timestamptz '2100-01-01 00:00:00+00'
    then before + interval '1 microsecond' else clock_timestamp() end;
