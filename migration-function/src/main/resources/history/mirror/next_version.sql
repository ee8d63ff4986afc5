-- When a conversation was changed that is being changed now: later than before, since clients take it for its version. What no
-- clock can have shown is not kept.
create or replace function history.next_version(before timestamptz) returns timestamptz
language sql volatile
return case when before >= clock_timestamp() and before < timestamptz '2100-01-01 00:00:00+00'
    then before + interval '1 microsecond' else clock_timestamp() end;
