-- Converts a locked conversation to rows of this version, if its messages are still elements of its array or were written by an
-- earlier version. Out: the conversation as it is then. Called by the functions of a turn.
create or replace function history.taken_over(c public.conversations) returns public.conversations
language plpgsql set search_path = history_maintenance, pg_temp
as $$
begin
    if c.last_seq is null then
        perform history.convert(array[c.id]);
    else
        perform history.take_over(array[c.id]);
    end if;
    select o.* into c from public.conversations o where o.tenant_id = c.tenant_id and o.id = c.id;
    return c;
end $$;
