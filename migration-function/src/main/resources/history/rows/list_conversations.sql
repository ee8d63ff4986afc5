-- The caller's conversations, or everyone's of the tenant for its admins, the one that changed last first.
-- until, until_id: the last row of the page before, or null. most: how many. Metadata that no client may write is left out. Locks
-- nothing.
create or replace function history.list_conversations(everyone boolean, until timestamptz, until_id uuid, most integer)
returns setof history.conversation
language plpgsql stable set search_path = pg_catalog, pg_temp
as $$
declare
    tenant constant uuid := history.current_tenant();
    me constant uuid := history.user_id();
    -- In place of null, so that a kept plan reads the index from there.
    last_time timestamptz := coalesce(until, 'infinity');
    last_id uuid := coalesce(until_id, 'ffffffff-ffff-ffff-ffff-ffffffffffff');
    untimed_before constant uuid := last_id;
    untimed boolean := until is null;
begin
    if everyone and tenant <> all (array(select history.my_admin_tenants())) then
        raise exception using errcode = 'PT403', message = 'scope=tenant is for admins of the tenant.';
    end if;
    if until is not null then -- a row without a time, or with one that cannot be shown, says itself where it is
        select c.updated_at is null, case when c.updated_at is null then 'infinity'
            when until > '1970-01-01 00:00:00+00' and until < '9999-12-31 23:59:59.999999+00' then until else c.updated_at end
        into untimed, last_time
        from public.conversations c where c.tenant_id = tenant and c.id = until_id;
        if untimed then
            last_id := 'ffffffff-ffff-ffff-ffff-ffffffffffff';
        end if;
        last_time := coalesce(last_time, case when until < '9999-12-31 23:59:59.999999+00' then until else 'infinity' end);
    end if;
    if untimed then -- first those without a time, to which the backfill has not come yet
        return query
        select c.id, c.tenant_id, c.user_id, coalesce(nullif(btrim(c.title), ''), 'New Conversation'),
            case when octet_length(c.metadata::text) > 65536 then '{"omitted": true}' else coalesce(c.metadata, '{}') end,
            coalesce(c.created_at, to_timestamp(0)), coalesce(c.created_at, to_timestamp(0)),
            coalesce(c.message_count, history.pending_count(c.tenant_id, c.id))::bigint, c.archived, c.labels, c.last_message_at,
            coalesce(c.revision, history.version_of(coalesce(c.updated_at, c.created_at, to_timestamp(0))))
        from public.conversations c
        where c.tenant_id = tenant and (everyone or c.user_id = me) and c.updated_at is null and c.id < untimed_before
        order by c.id desc limit most;
    end if;
    if everyone then
        return query
        select c.id, c.tenant_id, c.user_id, coalesce(nullif(btrim(c.title), ''), 'New Conversation'),
            case when octet_length(c.metadata::text) > 65536 then '{"omitted": true}' else coalesce(c.metadata, '{}') end,
            coalesce(c.created_at, c.updated_at), c.updated_at,
            coalesce(c.message_count, history.pending_count(c.tenant_id, c.id))::bigint, c.archived, c.labels, c.last_message_at,
            coalesce(c.revision, history.version_of(coalesce(c.updated_at, c.created_at, to_timestamp(0))))
        from public.conversations c
        where c.tenant_id = tenant and (c.updated_at, c.id) < (last_time, last_id)
        order by c.updated_at desc, c.id desc limit most;
    else
        return query
        select c.id, c.tenant_id, c.user_id, coalesce(nullif(btrim(c.title), ''), 'New Conversation'),
            case when octet_length(c.metadata::text) > 65536 then '{"omitted": true}' else coalesce(c.metadata, '{}') end,
            coalesce(c.created_at, c.updated_at), c.updated_at,
            coalesce(c.message_count, history.pending_count(c.tenant_id, c.id))::bigint, c.archived, c.labels, c.last_message_at,
            coalesce(c.revision, history.version_of(coalesce(c.updated_at, c.created_at, to_timestamp(0))))
        from public.conversations c
        where c.tenant_id = tenant and c.user_id = me and (c.updated_at, c.id) < (last_time, last_id)
        order by c.updated_at desc, c.id desc limit most;
    end if;
end $$;
