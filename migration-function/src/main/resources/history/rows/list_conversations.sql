-- The caller's conversations, or everyone's of the tenant for its admins, the one that changed last first.
-- until, until_id: the last row of the page before, or null. most: how many. Locks nothing.
create or replace function history.list_conversations(everyone boolean, until timestamptz, until_id uuid, most integer)
returns setof history.conversation
language plpgsql stable set search_path = pg_catalog, pg_temp
as $$
declare
    tenant constant uuid := history.current_tenant();
    me constant uuid := history.user_id();
    -- In place of null, so that a kept plan reads the index from there.
    last_time constant timestamptz := coalesce(until, 'infinity');
    last_id constant uuid := coalesce(until_id, 'ffffffff-ffff-ffff-ffff-ffffffffffff');
begin
    if everyone and tenant <> all (array(select history.my_admin_tenants())) then
        raise exception using errcode = 'PT403', message = 'scope=tenant is for admins of the tenant.';
    end if;
    if until is null then -- first those without a time, to which the backfill has not come yet
        return query
        select c.id, c.tenant_id, c.user_id, coalesce(nullif(btrim(c.title), ''), 'New Conversation'), coalesce(c.metadata, '{}'),
            coalesce(c.created_at, to_timestamp(0)), coalesce(c.created_at, to_timestamp(0)),
            coalesce(c.message_count, history.pending_count(c.tenant_id, c.id))::bigint
        from public.conversations c
        where c.tenant_id = tenant and (everyone or c.user_id = me) and c.updated_at is null
        order by c.id desc limit most;
    end if;
    if everyone then
        return query
        select c.id, c.tenant_id, c.user_id, coalesce(nullif(btrim(c.title), ''), 'New Conversation'), coalesce(c.metadata, '{}'),
            coalesce(c.created_at, c.updated_at), c.updated_at,
            coalesce(c.message_count, history.pending_count(c.tenant_id, c.id))::bigint
        from public.conversations c
        where c.tenant_id = tenant and (c.updated_at, c.id) < (last_time, last_id)
        order by c.updated_at desc, c.id desc limit most;
    else
        return query
        select c.id, c.tenant_id, c.user_id, coalesce(nullif(btrim(c.title), ''), 'New Conversation'), coalesce(c.metadata, '{}'),
            coalesce(c.created_at, c.updated_at), c.updated_at,
            coalesce(c.message_count, history.pending_count(c.tenant_id, c.id))::bigint
        from public.conversations c
        where c.tenant_id = tenant and c.user_id = me and (c.updated_at, c.id) < (last_time, last_id)
        order by c.updated_at desc, c.id desc limit most;
    end if;
end $$;
