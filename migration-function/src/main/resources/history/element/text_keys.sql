-- The keys besides content that may hold the text of an element, themselves or in what they wrap.
create or replace function history.text_keys() returns text[]
language sql immutable parallel safe
return array['parts', 'text', 'message', 'msg', 'value', 'body', 'refusal', 'output', 'payload', 'audio', 'data', 'kwargs'];
