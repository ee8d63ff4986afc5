-- As in rows/; an array contains nothing of an answer before its end.
create or replace function history.running_turn(
    conversation uuid, chat_id text, attempt uuid,
    out conversation_id uuid, out title text, out question history.message, out answer history.message)
language plpgsql stable set search_path = pg_catalog, pg_temp
as $$
begin
    perform history.migration_pending('resuming an answer');
end $$;
