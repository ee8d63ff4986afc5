-- An element as {role, content, reason}: the message, or why it cannot be one. One of the AI SDK with a file or a tool call and no text
-- is a message, too. Called by elements for those that are not plain, and for entries of the quarantine.
create or replace function history.message_of(element jsonb) returns text[]
language plpgsql immutable parallel safe set search_path = pg_catalog, pg_temp
as $$
declare
    text record;
    role text;
    reason text;
begin
    element := history.object_in(element);
    if element is null then
        return array[null, null, 'not_an_object'];
    end if;
    text := history.text_of(element);
    role := history.role_of(element);
    if text.reason = 'content_without_text' and coalesce(element ->> 'content', '') = ''
        and jsonb_path_exists(history.ui_parts(element), '$[*] ? (@.url.type() == "string" || @.toolCallId.type() == "string")')
        and history.text_in(element -> 'parts' || '""') = '' -- no part is in doubt
    then
        text.content := '';
        text.reason := null;
    end if;
    reason := coalesce(text.reason, case when role not in ('user', 'assistant', 'system') then role end);
    return case when reason is null then array[role, text.content, null] else array[null, null, reason] end;
end $$;
