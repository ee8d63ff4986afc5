-- A session as the API shows it. It stays when the editions are exchanged, for calls that have begun, and so names no table.
create or replace function history.shown_session(
    id uuid, tenant_id uuid, user_id uuid, title text, metadata jsonb, created_at timestamptz, updated_at timestamptz, messages jsonb)
returns history.conversation
language plpgsql immutable set search_path = pg_catalog, pg_temp
as $$
declare
    changed constant timestamptz := coalesce(updated_at, created_at, to_timestamp(0));
begin
    return row(id, tenant_id, user_id, case when title ~ '\S' then title else 'New Conversation' end,
        case when octet_length(metadata::text) > 65536 then '{"omitted": true}' else coalesce(metadata, '{}') end,
        coalesce(created_at, updated_at, to_timestamp(0)), changed, history.element_count(messages),
        false, '{}', changed, history.version_of(changed))::history.conversation;
end $$;
