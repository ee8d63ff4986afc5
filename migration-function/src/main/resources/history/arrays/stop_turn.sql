-- As in rows/; an array contains nothing of an answer before its end.
create or replace function history.stop_turn(conversation uuid, chat_id text) returns history.message
language plpgsql set search_path = pg_catalog, pg_temp
as $$
begin
    perform history.writing_tenant(), history.migration_pending('stopping an answer');
end $$;
