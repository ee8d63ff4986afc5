-- Whether a message is an answer that is over and has neither text nor parts. Called where messages are read.
create or replace function history.came_to_nothing(m public.messages, moment timestamptz) returns boolean
language sql immutable parallel safe
as $$
    select m.role = 'assistant' and m.content = '' and m.parts is null
        and (m.status in ('failed', 'incomplete', 'stopped') or m.status = 'running' and (m.lease_until > moment) is not true)
$$;
