-- The metadata of a message that was read from an element: its own, and under legacy what the columns cannot hold. If the element
-- has no key content or role, history_absent says so; an element that is not an object is kept whole, in an array.
create or replace function history.kept(element jsonb, role text, content text) returns jsonb
language sql immutable parallel safe
return case
    when jsonb_typeof(element) <> 'object' or element ? 'history_absent'
        then jsonb_build_object('legacy', jsonb_build_array(element))
    else case when history.is_lifted(element) then element -> 'metadata' else '{}' end
        || jsonb_build_object('legacy', (element - array[
                case when jsonb_typeof(element -> 'content') = 'string' and element ->> 'content' = content then 'content' end,
                case when element ->> 'role' = role then 'role' end,
                case when history.is_lifted(element) then 'metadata' end])
            || case when element ?& array['content', 'role'] then '{}'
                else jsonb_build_object('history_absent', to_jsonb(array_remove(array[
                    case when not element ? 'content' then 'content' end,
                    case when not element ? 'role' then 'role' end], null))) end)
end;
