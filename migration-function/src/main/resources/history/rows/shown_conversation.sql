-- A row as the API shows it, even if it is not converted yet. Metadata that would not fit into a page is omitted.
create or replace function history.shown_conversation(c public.conversations) returns history.conversation
language plpgsql stable set search_path = pg_catalog, pg_temp
as $$
begin
    return row(c.id, c.tenant_id, c.user_id, case when c.title ~ '\S' then c.title else 'New Conversation' end,
        case when octet_length(c.metadata::text) > 1000000 then '{"omitted": true}' else coalesce(c.metadata, '{}') end,
        coalesce(c.created_at, c.updated_at, to_timestamp(0)), coalesce(c.updated_at, c.created_at, to_timestamp(0)),
        coalesce(c.message_count, history.pending_count(c.tenant_id, c.id)), c.archived, c.labels,
        case when c.last_seq is null then c.updated_at else c.last_message_at end,
        coalesce(c.revision, history.version_of(coalesce(c.updated_at, c.created_at, to_timestamp(0)))))::history.conversation;
end $$;
