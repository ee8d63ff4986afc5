-- As in rows/, of chat_sessions: the caller's own only.
create or replace function history.list_conversations(everyone boolean, until timestamptz, until_id uuid, most integer)
returns setof history.conversation
language plpgsql stable set search_path = pg_catalog, pg_temp
as $$
declare
    tenant constant uuid := history.current_tenant();
    me constant uuid := history.user_id();
begin
    if everyone then
        perform history.migration_pending('scope=tenant');
    end if;
    return query
    select s.* from (
        select c.id, c.tenant_id, c.user_id, coalesce(nullif(btrim(c.title), ''), 'New Conversation'),
            case when octet_length(c.metadata::text) > 65536 then '{"omitted": true}' else coalesce(c.metadata, '{}') end,
            coalesce(c.created_at, c.updated_at, to_timestamp(0)),
            -- As it is shown, so that the next page begins there.
            least(greatest(coalesce(c.updated_at, c.created_at), to_timestamp(0)), timestamptz '9999-12-31 23:59:59.999999+00'),
            history.element_count(c.messages)::bigint
        from public.chat_sessions c where c.tenant_id = tenant and c.user_id = me
    ) s(id, tenant_id, user_id, title, metadata, created_at, updated_at, message_count)
    where until is null or (s.updated_at, s.id) < (until, until_id)
    order by s.updated_at desc, s.id desc limit most;
end $$;
