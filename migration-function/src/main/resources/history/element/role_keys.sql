-- The keys besides role that may say who wrote an element, themselves or in what they wrap.
create or replace function history.role_keys() returns text[]
language sql immutable parallel safe
return array['from', 'sender', 'author', 'speaker', 'type', 'message_type', 'event', 'direction', 'isUser', 'is_user', 'fromUser',
    'isCreatedByUser', 'human', 'isBot', 'is_bot', 'fromBot', 'isAI', 'is_ai', 'message', 'data', 'kwargs'];
