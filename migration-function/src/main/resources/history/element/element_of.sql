-- The array element of a message: exactly the old one if it came from an array, else as the application writes it.
create or replace function history.element_of(
    id uuid, conversation_id uuid, user_id uuid, role text, content text, metadata jsonb, created_at timestamptz)
returns jsonb
language sql stable parallel safe
return case
    when jsonb_typeof(metadata -> 'legacy') = 'array' then metadata -> 'legacy' -> 0
    when jsonb_typeof(metadata -> 'legacy') = 'object' then
        ((metadata -> 'legacy') - 'history_absent')
        || case when metadata -> 'legacy' ? 'content' or metadata #> '{legacy,history_absent}' ? 'content' then '{}'
            else jsonb_build_object('content', content) end
        || case when metadata -> 'legacy' ? 'role' or metadata #> '{legacy,history_absent}' ? 'role' then '{}'
            else jsonb_build_object('role', role) end
        || case when metadata -> 'legacy' ? 'metadata' or metadata - 'legacy' = '{}' then '{}'
            else jsonb_build_object('metadata', metadata - 'legacy') end
    else
        jsonb_build_object(
            'id', id, 'content', content, 'role', role, 'sessionId', conversation_id, 'userId', user_id,
            'timestamp', to_char(created_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'))
        || case when metadata = '{}' then '{}' else jsonb_build_object('metadata', metadata) end
end;
