-- Ends an attempt whose user has lost the membership meanwhile, so that its row does not stay running. Runs as the owner, since such a
-- user may write nothing, and changes only an attempt of the user's own. Called by Turns, after a PT403.
create or replace function history.abandon_turn(conversation uuid, answer uuid) returns void
language plpgsql security definer set search_path = history_maintenance, pg_temp
as $$
declare
    me constant uuid := history.user_id();
    c public.conversations;
    q public.messages;
    a public.messages;
begin
    select o.* into c from public.conversations o where o.user_id = me and o.id = conversation for no key update;
    a := history.marked_with(c, answer);
    if a.status = 'running' then
        select m.* into q from public.messages m
        where m.tenant_id = c.tenant_id and m.conversation_id = c.id and m.id = a.reply_to;
        perform history.end_attempt(c, q, a, case a.content when '' then 'failed' else 'incomplete' end, a.content, '{}');
    end if;
end $$;
