-- A page of the messages that are shown: the first after after, or else the last before before. failed: also answers without text.
create or replace function history.messages_between(
    tenant uuid, conversation uuid, after bigint, before bigint, most integer, failed boolean) returns setof public.messages
language plpgsql stable set search_path = pg_catalog, pg_temp
as $$
declare
    moment constant timestamptz := clock_timestamp();
begin
    if after is null then
        return query
        select m.* from public.messages m
        where m.tenant_id = tenant and m.conversation_id = messages_between.conversation and m.current and m.seq < before
            and (failed or not history.came_to_nothing(m.role, m.content, m.parts, m.status, m.lease_until, moment))
        order by m.seq desc limit most;
    else
        return query
        select m.* from public.messages m
        where m.tenant_id = tenant and m.conversation_id = messages_between.conversation and m.current and m.seq > after and m.seq < before
            and (failed or not history.came_to_nothing(m.role, m.content, m.parts, m.status, m.lease_until, moment))
        order by m.seq limit most;
    end if;
end $$;
