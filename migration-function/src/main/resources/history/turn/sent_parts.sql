-- The parts of a message that a client sent. said: {parts, …}, the parts as JSON in a string, so that they are read once, where they
-- are stored: to hand on an object is to copy each value in it. Called by the functions of a turn.
create or replace function history.sent_parts(said jsonb) returns jsonb
language sql immutable parallel safe
return (said ->> 'parts')::jsonb;
