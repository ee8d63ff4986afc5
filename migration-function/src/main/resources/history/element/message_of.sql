-- An element as {role, content, reason}: the message that it is, or why it cannot be one.
-- Called by elements for what is not plain, and to judge an entry of the quarantine.
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
    reason := coalesce(text.reason, case when role not in ('user', 'assistant', 'system') then role end);
    return case when reason is null then array[role, text.content, null] else array[null, null, reason] end;
end $$;
