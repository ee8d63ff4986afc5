create or replace function history.add_not_null() returns void
language plpgsql set search_path = pg_catalog, pg_temp
as $$
begin
    if exists (select from pg_catalog.pg_attribute where attrelid = 'public.conversations'::regclass
        and attname = 'last_seq' and not attnotnull)
        and not exists (select from pg_catalog.pg_constraint where conname = 'history_filled'
            and conrelid = 'public.conversations'::regclass)
    then
        alter table public.conversations add constraint history_filled
            check (title is not null and last_seq is not null and message_count is not null) not valid;
    end if;
end $$;
