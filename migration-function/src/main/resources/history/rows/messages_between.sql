-- A page of the messages of a conversation, in its order: the first after after, or else the last before before. failed: also answers
-- without text; replaced: also replaced messages. Called by get_conversation.
create or replace function history.messages_between(
    c public.conversations, after bigint, before bigint, most integer, failed boolean, replaced boolean) returns setof public.messages
language plpgsql stable set search_path = pg_catalog, pg_temp
as $$
declare
    moment constant timestamptz := clock_timestamp();
begin
    if replaced or c.last_seq is null then -- the backfill has not come to it, or not to its end
        return query
        select x.* from (
            select m.* from history.all_messages(c.id, after, before, most, failed) m where replaced
            union all
            select m.* from public.messages m
            where not replaced and m.tenant_id = c.tenant_id and m.conversation_id = c.id and m.current
                and (failed or not history.came_to_nothing(m.role, m.content, m.parts, m.status, m.lease_until, moment))
            union all
            select m.* from history.pending_messages(c.tenant_id, c.id) m where c.last_seq is null) x
        where x.seq < before and x.seq > coalesce(after, 0)
        order by case when after is null then -x.seq else x.seq end limit most;
    elsif after is null then
        return query
        select m.* from public.messages m
        where m.tenant_id = c.tenant_id and m.conversation_id = c.id and m.current and m.seq < before
            and (failed or not history.came_to_nothing(m.role, m.content, m.parts, m.status, m.lease_until, moment))
        order by m.seq desc limit most;
    else
        return query
        select m.* from public.messages m
        where m.tenant_id = c.tenant_id and m.conversation_id = c.id and m.current and m.seq > after and m.seq < before
            and (failed or not history.came_to_nothing(m.role, m.content, m.parts, m.status, m.lease_until, moment))
        order by m.seq limit most;
    end if;
end $$;
