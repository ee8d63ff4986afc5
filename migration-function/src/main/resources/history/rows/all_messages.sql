-- As messages_between, but with replaced messages, which no policy shows: metadata.replaced_by names the message that took the place, and
-- replaced_by_id is what its client calls that one. Without the rows of keep_key and take_over that only keep the key of a request: what
-- they are a version of is there. Runs as the owner, for a conversation of the caller's, or of the tenant's for its admins.
create or replace function history.all_messages(
    conversation uuid, after bigint, before bigint, most integer, failed boolean) returns setof public.messages
language plpgsql stable security definer set search_path = history_maintenance, pg_temp
as $$
declare
    tenant constant uuid := history.current_tenant();
    me constant uuid := history.user_id();
    moment constant timestamptz := clock_timestamp();
    c public.conversations;
    m public.messages;
    place_taken_by uuid;
begin
    select o.* into c from public.conversations o where o.tenant_id = tenant and o.id = all_messages.conversation;
    if c.user_id = me or tenant = any (array(select history.my_admin_tenants())) then
        for m in
            (select x.* from public.messages x
            where after is null and x.tenant_id = tenant and x.conversation_id = c.id and x.seq < before
                and (x.current or x.content <> '' or not x.metadata ? 'version_of')
                and (failed or not history.came_to_nothing(x.role, x.content, x.parts, x.status, x.lease_until, moment))
            order by x.seq desc limit most)
            union all
            (select x.* from public.messages x
            where after is not null and x.tenant_id = tenant and x.conversation_id = c.id and x.seq > after and x.seq < before
                and (x.current or x.content <> '' or not x.metadata ? 'version_of')
                and (failed or not history.came_to_nothing(x.role, x.content, x.parts, x.status, x.lease_until, moment))
            order by x.seq limit most)
        loop
            if not m.current then
                place_taken_by := history.replaced_by(m);
                m.metadata := history.object_of(m.metadata) || jsonb_build_object('replaced_by', place_taken_by, 'replaced_by_id', (
                    select x.metadata -> 'client_id' from public.messages x where x.tenant_id = tenant and x.id = place_taken_by));
            end if;
            return next m;
        end loop;
    end if;
end $$;
