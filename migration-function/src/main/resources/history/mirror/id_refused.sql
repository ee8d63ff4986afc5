-- conversations and messages, before insert of a row that conversation_asked or message_inserted marked because its id is taken. Runs
-- as the caller: PostgreSQL itself handles a row that the caller sees. Any other is refused here, before `on conflict … do update …
-- where` could show it to a condition of the caller's (servers before 15.20, 16.16, 17.12 and 18.7 do). The words are the same for
-- every statement, so the caller learns only that the id is taken.
create or replace function history.id_refused() returns trigger
language plpgsql set search_path = pg_catalog, pg_temp
as $$
declare
    key text;
begin
    if tg_table_name = 'messages' then
        new.seq := -new.seq;
        if exists (select from public.messages m where m.id = new.id) then
            return new;
        end if;
    elsif exists (select from public.conversations c where c.id = new.id) then
        return new;
    end if;
    key := (select k.conname from pg_constraint k where k.conrelid = tg_relid and k.contype = 'p');
    raise unique_violation using message = format('duplicate key value violates unique constraint "%s"', key),
        schema = tg_table_schema, table = tg_table_name, constraint = key;
end $$;
