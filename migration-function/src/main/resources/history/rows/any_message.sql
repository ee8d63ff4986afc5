-- As known_message, with metadata.replaced_by if it is not shown. Runs as the owner, since no policy shows replaced messages; for a
-- conversation of the caller's, or of the tenant's for its admins. Called by get_message.
create or replace function history.any_message(conversation uuid, message_id text) returns public.messages
language plpgsql stable security definer set search_path = history_maintenance, pg_temp
as $$
declare
    tenant constant uuid := history.current_tenant();
    me constant uuid := history.user_id();
    c public.conversations;
    m public.messages;
begin
    select o.* into c from public.conversations o where o.tenant_id = tenant and o.id = conversation;
    if c.user_id = me or tenant = any (array(select history.my_admin_tenants())) then
        m := history.known_message(tenant, c.id, message_id);
        if not m.current then
            m.metadata := history.object_of(m.metadata) || jsonb_build_object('replaced_by', history.replaced_by(m));
        end if;
    end if;
    return m;
end $$;
