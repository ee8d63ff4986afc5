-- What an element wraps its message in: message (an exported tree), kwargs or data (LangChain); else the element itself.
create or replace function history.body_of(element jsonb) returns jsonb
language sql immutable parallel safe
return case 'object'
    when jsonb_typeof(element -> 'message') then element -> 'message'
    when case when element ->> 'type' = 'constructor' then jsonb_typeof(element -> 'kwargs') end then element -> 'kwargs'
    when case when element ? 'type' then jsonb_typeof(element -> 'data') end then element -> 'data'
    else element
end;
