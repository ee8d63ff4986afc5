-- The next updated_at of a conversation: the current time, but later than the old one, since clients use it as the version. An
-- impossible old time is ignored.
create or replace function history.next_version(before timestamptz) returns timestamptz
language sql volatile
return case when before >= clock_timestamp() and before < timestamptz '2100-01-01 00:00:00+00'
    then before + interval '1 microsecond' else clock_timestamp() end;
