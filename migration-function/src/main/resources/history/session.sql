-- The settings of a run's session, against defaults of a database or a role that would do harm here.
set default_transaction_isolation = 'read committed'; set default_transaction_read_only = off;
set default_transaction_deferrable = off; set row_security = on; set synchronous_commit = on; set standard_conforming_strings = on;
set quote_all_identifiers = off; set array_nulls = on; set transform_null_equals = off; set check_function_bodies = on;
set client_min_messages = warning; set datestyle = 'ISO, MDY'; set intervalstyle = 'postgres'; set timezone = 'UTC';
set extra_float_digits = 1; set bytea_output = 'hex'; set xmloption = 'content'; set work_mem = '64MB'; set lock_timeout = '500ms';
set statement_timeout = '10min'; set idle_in_transaction_session_timeout = '1min'; set idle_session_timeout = 0;
-- Settings that not every server has, or not everybody may set: triggers fire, and the statement of a killed client ends.
do $$
declare
    setting record;
begin
    for setting in
        select s.name, w.value
        from (values ('session_replication_role', 'origin'), ('client_connection_check_interval', '500ms'),
            ('transaction_timeout', '0')) w(name, value)
        join pg_catalog.pg_settings s on s.name = w.name
    loop
        begin
            perform pg_catalog.set_config(setting.name, setting.value, false);
        exception when insufficient_privilege or invalid_parameter_value then
            null; -- without it everything still works
        end;
    end loop;
end $$;
-- Becomes the owner if it may: objects of another role would belong to that role, and its functions would run as that role.
do $$
declare
    owner name;
begin
    select r.rolname into owner
    from pg_catalog.pg_attribute a
    join pg_catalog.pg_class c on c.oid = a.attrelid and c.relname = 'state'
    join pg_catalog.pg_namespace n on n.oid = c.relnamespace and n.nspname = 'history'
    join pg_catalog.pg_roles r on r.oid = n.nspowner
    where a.attname = 'backfilled_to'
        and r.rolname <> current_user and pg_catalog.pg_has_role(current_user, r.oid, 'member');
    if found then
        perform pg_catalog.set_config('role', owner, false);
    end if;
end $$;
set search_path = history_maintenance, pg_temp;
