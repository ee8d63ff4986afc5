-- As in rows/, of chat_sessions: the title only.
create or replace function history.patch_conversation(
    id uuid, title text, clear boolean, patch jsonb, versions bigint[], most integer,
    archived boolean default null, labels jsonb default null, chat_id text default null,
    out outcome text, out conversation history.conversation)
language plpgsql set search_path = pg_catalog, pg_temp
as $$
declare
    tenant constant uuid := history.writing_tenant();
    me constant uuid := history.user_id();
    meant constant uuid := case when chat_id is null or exists ( -- whose ever it is: reading and changing mean the same one
        select from public.chat_sessions o where o.tenant_id = tenant and o.id = patch_conversation.id)
        then id else history.derived_id('chat', chat_id) end;
    c public.chat_sessions;
begin
    if coalesce(patch::text, archived::text, labels::text) is not null then
        perform history.migration_pending('a patch of anything but the title');
    end if;
    select o.* into c from public.chat_sessions o
    where o.tenant_id = tenant and o.user_id = me and o.id = meant for no key update;
    outcome := case
        when c.id is null then 'missing'
        when history.version_of(coalesce(c.updated_at, c.created_at, to_timestamp(0))) <> all (versions) then 'changed'
        else 'done' end;
    if outcome = 'done' and patch_conversation.title <> coalesce(c.title, '') then
        update public.chat_sessions o set title = patch_conversation.title
        where o.tenant_id = tenant and o.id = c.id
        returning o.* into strict c;
    end if;
    conversation := history.shown_session(c.id, c.tenant_id, c.user_id, c.title, c.metadata, c.created_at, c.updated_at, c.messages);
end $$;
