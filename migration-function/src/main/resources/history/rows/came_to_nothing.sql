-- Whether a message is an answer that has ended without any text or part. Called where messages are read.
create or replace function history.came_to_nothing(
    role text, content text, parts jsonb, status text, lease_until timestamptz, moment timestamptz) returns boolean
language sql immutable parallel safe
return role = 'assistant' and content = '' and parts is null
    and (status in ('failed', 'incomplete', 'stopped') or status = 'running' and (lease_until > moment) is not true);
