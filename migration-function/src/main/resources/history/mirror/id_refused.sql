-- conversations and messages, before insert of a row whose id is taken, as conversation_asked or message_inserted marked it. As the
-- caller: a row that the caller sees is PostgreSQL's to handle, as ever. Any other is refused here, before `on conflict … do
-- update … where` could show it to a condition of the caller's (servers before 15.20, 16.16, 17.12 and 18.7 do), and in the
-- same words whatever the statement: that the id is taken is all that anybody learns.
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
