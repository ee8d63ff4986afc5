-- user, assistant or system for a word that clearly means one of them; else null. In "HumanMessageChunk" or "user_message" the
-- part before "message" counts.
create or replace function history.role_word(word text) returns text
language sql immutable parallel safe
return case regexp_replace(lower(btrim(word, E' \t\r\n')), '(?<!api)[ _-]?message(chunk)?$', '')
    when 'user' then 'user' when 'human' then 'user'
    when 'assistant' then 'assistant' when 'ai' then 'assistant' when 'bot' then 'assistant' when 'model' then 'assistant'
    when 'gpt' then 'assistant' when 'chatgpt' then 'assistant' when 'chatbot' then 'assistant'
    when 'apimessage' then 'assistant'
    when 'system' then 'system' when 'developer' then 'system'
end;
