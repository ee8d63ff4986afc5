-- The status and the parts of a message as they are shown. An answer whose lease is over is not running, whatever its row says: it is as
-- end_attempt would leave it. Called where messages are read.
create or replace function history.shown_state(
    status text, content text, parts jsonb, metadata jsonb, lease_until timestamptz, moment timestamptz)
returns table (state text, all_parts jsonb)
language sql immutable parallel safe
begin atomic
    select case when not l.lapsed then status when content = '' and parts is null then 'failed' else 'incomplete' end,
        case when l.lapsed then history.with_step(parts, content, metadata) else parts end
    from (select status is not distinct from 'running' and (lease_until > moment) is not true as lapsed) l;
end;
