-- How many parts and characters an answer had before the attempt that continues it, or that failed to, as continue_turn stores it in
-- its metadata; null if nothing is stored. Called by before_attempt and with_step.
create or replace function history.had_before(metadata jsonb) returns jsonb
language sql immutable parallel safe
return case
    when metadata #> '{attempt,before}'
        @? 'strict $ ? (@.parts > 0 && @.parts < 100000000 && @.characters >= 0 && @.characters < 100000000)'
    then metadata #> '{attempt,before}' end;
