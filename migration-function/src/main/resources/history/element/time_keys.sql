-- Where an element may have its time, in the order in which they are asked.
create or replace function history.time_keys() returns text[]
language sql immutable parallel safe
return array['timestamp', 'created_at', 'createdAt', 'create_time', 'createTime', 'time', 'date', 'datetime', 'ts', 'sent_at',
    'sentAt', 'created'];
