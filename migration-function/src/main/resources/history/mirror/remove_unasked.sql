-- Deletes the running answers of a conversation to questions that are gone, and records their names, so that their ends store nothing; and
-- what such questions said before they were edited, with its answers. Called by messages_changed, which has the lock.
create or replace function history.remove_unasked(tenant uuid, conversation uuid) returns void
language plpgsql set search_path = history_maintenance, pg_temp
as $$
begin
    with versions as materialized (
        select v.id from public.messages v
        where v.tenant_id = tenant and v.conversation_id = conversation and not v.current and v.metadata ? 'edit_of' and not exists (
            select from public.messages q
            where q.tenant_id = tenant and q.conversation_id = conversation and q.id = history.to_uuid(v.metadata ->> 'edit_of'))
    ), gone as (
        delete from public.messages m
        where m.tenant_id = tenant and m.conversation_id = conversation and (
            m.id in (select v.id from versions v) or m.reply_to in (select v.id from versions v)
            or m.status = 'running' and m.reply_to is not null and not exists (
                select from public.messages q where q.tenant_id = tenant and q.conversation_id = conversation and q.id = m.reply_to))
        returning m.*
    )
    insert into history.deleted (tenant_id, user_id, id)
    select g.tenant_id, g.user_id, n.name
    from gone g cross join lateral history.names_of(g.id, g.tenant_id, g.user_id, g.metadata, g.request_key) n
    on conflict do nothing;
end $$;
