-- Records, to the minute, that an array was written through the old name. A sequence, because nobody waits for it.
create sequence if not exists history.old_name_written minvalue 0 start 0;
revoke all on sequence history.old_name_written from public, anon, authenticated, service_role; -- default privileges may grant it

-- Called by the mirrors. Locks nothing.
create or replace function history.old_name_used() returns void
language plpgsql set search_path = pg_catalog, pg_temp
as $$
declare
    moment constant bigint := extract(epoch from now());
begin
    if (select w.last_value from history.old_name_written w) < moment - 60 then
        perform setval('history.old_name_written', moment);
    end if;
end $$;
