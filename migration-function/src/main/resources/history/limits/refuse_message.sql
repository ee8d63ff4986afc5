-- Refuses a message of a turn that would not fit into a page, as message_limited does for the data API. most: bytes of content.
-- Called by the functions of a turn.
create or replace function history.refuse_message(content text, metadata jsonb, parts jsonb, most integer) returns void
language plpgsql stable set search_path = pg_catalog, pg_temp
as $$
declare
    words constant text := case when octet_length(content) > most then format('content has %s bytes; at most %s.', octet_length(content), most)
        else coalesce(history.excess(metadata, 65536), history.excess(parts, 4000000, 'parts')) end;
begin
    if words is not null then
        raise invalid_parameter_value using message = words, schema = 'public', table = 'messages';
    end if;
end $$;
