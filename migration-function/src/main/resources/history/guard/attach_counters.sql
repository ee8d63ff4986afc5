create or replace function history.attach_counters(argument text) returns void
language plpgsql set search_path = pg_catalog, pg_temp
as $$
declare
    event text;
    resting constant text := 'current_setting(''search_path'') <> ''history_maintenance, pg_temp''';
begin
    execute format(
        'create or replace trigger history_2_counted_insert after insert on public.messages
         for each row when (%s) execute function history.message_added(%L)', resting, argument);
    foreach event in array array['update', 'delete'] loop
        execute format(
            'create or replace trigger %I after %s on public.messages referencing old table as before
             for each statement when (%s) execute function history.messages_changed(%L)',
            'history_2_counted_' || event, event, resting, argument);
    end loop;
end $$;
