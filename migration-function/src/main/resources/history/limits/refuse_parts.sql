-- Refuses parts of a message that no page could hold, as refuse_message does its text and metadata. Called by the functions of a turn.
create or replace function history.refuse_parts(parts jsonb) returns void
language plpgsql stable set search_path = pg_catalog, pg_temp
as $$
declare
    words constant text := replace(history.excess(jsonb_build_object('parts', parts), 4000000), 'metadata', 'parts');
begin
    if words is not null then
        raise invalid_parameter_value using message = words, schema = 'public', table = 'messages';
    end if;
end $$;
