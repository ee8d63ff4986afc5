create or replace function history.is_large(conversation uuid, stored bigint, max_bytes bigint, max_slice bigint)
returns boolean
language plpgsql stable set search_path = history_maintenance, pg_temp
as $$
begin
    return stored > 65536 and (
        exists (select from history.progress p where p.conversation_id = conversation)
        or (select jsonb_typeof(c.messages) = 'array'
                and (jsonb_array_length(c.messages) > max_slice or pg_column_size(c.messages #> '{}') > max_bytes)
            from public.conversations c where c.id = conversation));
end $$;
