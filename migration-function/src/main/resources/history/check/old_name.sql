-- When the old name was last used, as far as PostgreSQL can tell: it keeps no record of who reads a view. Called by status and complete.
create or replace function history.old_name() returns text
language plpgsql stable set search_path = pg_catalog, pg_temp
as $$
declare
    written constant bigint := (select w.last_value from history.old_name_written w);
    users constant text := (
        select string_agg(distinct format('%s (user %s)', coalesce(nullif(a.application_name, ''), 'pid ' || a.pid), a.usename), ', ')
        from pg_stat_activity a
        where a.datname = current_database() and a.pid <> pg_backend_pid() and a.query ~* '\ychat_sessions\y');
begin
    return case written when 0 then 'No array was written through the old name chat_sessions since this was first looked at.'
            else format('An array was last written through the old name chat_sessions at about %s.',
                to_timestamp(written)::timestamptz(0)) end
        || ' Reads leave no trace; '
        || coalesce('the last statement of these connections names it: ' || users, 'the last statement of no open connection names it')
        || '.';
end $$;
