-- Stores the end of an attempt; may be repeated. status: completed, incomplete, failed or stopped; metadata: stored with it. An attempt
-- that was stopped stays so, and is stored. One that began before expand has no row yet, and gets it, if its question is there. Out:
-- stored, or replaced (stored but not shown, because another attempt or question took its place), with the title and the answer; missing:
-- the conversation or the message has been deleted; hidden: the policies hide it from its user. Locks the conversation, as the caller.
-- Called by Turns.
create or replace function history.finish_turn(
    conversation uuid, question uuid, answer uuid, status text, content text, metadata jsonb,
    out outcome text, out title text, out message history.message)
language plpgsql set search_path = pg_catalog, pg_temp
as $$
declare
    tenant constant uuid := history.current_tenant();
    me constant uuid := history.user_id();
    ended record;
begin
    perform from public.conversations o
    where o.tenant_id = tenant and o.user_id = me and o.id = conversation for no key update;
    if not found and history.hidden_from_caller(conversation) then
        perform from public.conversations o
        where o.tenant_id = tenant and o.user_id = me and o.id = conversation for no key update;
        outcome := 'hidden';
    end if;
    if not found then
        perform history.count_tokens(metadata);
        outcome := coalesce(outcome, 'missing');
        return;
    end if;
    ended := history.store_end(conversation, question, answer, status, content, metadata);
    outcome := ended.outcome;
    title := ended.title;
    message := ended.message;
end $$;
