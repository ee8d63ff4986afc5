-- The id, or another one where a message has it already: nobody can keep an element from becoming a row by taking its id.
create or replace function history.free_id(id uuid) returns uuid
language plpgsql volatile set search_path = history_maintenance, pg_temp
as $$
begin
    if exists (select from public.messages m where m.id = free_id.id) then
        return gen_random_uuid();
    end if;
    return id;
end $$;
