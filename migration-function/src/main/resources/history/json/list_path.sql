-- The path to the array in a column: names of members, and '"' for a string with encoded JSON. The member is messages, else the
-- only one with a name that applications use for it. Empty: the column is the array; null: it holds none, or several that it
-- might be.
create or replace function history.list_path(value jsonb, depth integer default 0) returns text[]
language plpgsql immutable parallel safe set search_path = pg_catalog, pg_temp
as $$
declare
    name text;
    path text[];
    found text[];
begin
    if jsonb_typeof(value) = 'array' then
        return '{}';
    elsif depth = 8 then
        return null;
    elsif jsonb_typeof(value) = 'string' then
        path := history.list_path(history.decoded(value #>> '{}'), depth + 1);
        return case when path is not null then array['"'] || path end;
    elsif jsonb_typeof(value) is distinct from 'object' then
        return null;
    end if;
    path := history.list_path(value -> 'messages', depth + 1);
    if path is not null then
        return array['messages'] || path;
    elsif value ?| array['role', 'content', 'parts'] then
        return null; -- one message, whatever else it carries
    end if;
    foreach name in array array['chat_messages', 'conversation', 'conversations', 'history', 'chat', 'thread', 'items', 'data',
        'contents', 'state', 'json'] loop
        path := history.list_path(value -> name, depth + 1);
        if path is not null and found is not null then
            return null;
        elsif path is not null then
            found := array[name] || path;
        end if;
    end loop;
    return found;
end $$;
