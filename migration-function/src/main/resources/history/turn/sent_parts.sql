-- The parts of a message that a client sent. said: {parts, …}, the parts as JSON in a string, which is handed on without looking at each of
-- many. Called by the functions of a turn.
create or replace function history.sent_parts(said jsonb) returns jsonb
language sql immutable parallel safe
return (said ->> 'parts')::jsonb;
