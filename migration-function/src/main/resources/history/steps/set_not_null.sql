create or replace function history.set_not_null() returns void
language plpgsql set search_path = pg_catalog, pg_temp
as $$
begin
    if exists (select from pg_catalog.pg_constraint where conname = 'history_filled'
        and conrelid = 'public.conversations'::regclass)
    then
        alter table public.conversations
            alter column title set not null,
            alter column last_seq set not null, alter column last_seq set default 0,
            alter column message_count set not null, alter column message_count set default 0,
            drop constraint history_filled;
    end if;
end $$;
