-- The caller's own conversation, locked and converted to rows of this version, if its messages are still elements of its array or were
-- written by an earlier version. Every statement after it sees what others did while it waited for the lock. Called by the functions of a
-- turn, which run as the owner.
create or replace function history.taken_over(tenant uuid, me uuid, conversation uuid) returns public.conversations
language plpgsql set search_path = history_maintenance, pg_temp
as $$
declare
    c public.conversations;
begin
    select o.* into strict c from public.conversations o
    where o.tenant_id = tenant and o.user_id = me and o.id = conversation for no key update;
    if c.last_seq is null then
        perform history.convert(array[c.id]);
    elsif c.revision is null then
        perform history.take_over(array[c.id]);
    else
        return c;
    end if;
    select o.* into c from public.conversations o where o.tenant_id = tenant and o.id = c.id;
    return c;
end $$;
