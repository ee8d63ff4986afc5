-- Changes the caller's conversation with id or chat_id; null leaves a value as it is. clear: metadata is replaced by the patch, not
-- merged. labels: an array. versions: it must have one of these, unless null. most: the bytes of metadata as text that the result may
-- have. Out: done, changed (another version) or too large, with the conversation; missing. Locks the conversation.
create or replace function history.patch_conversation(
    id uuid, title text, clear boolean, patch jsonb, versions bigint[], most integer,
    archived boolean default null, labels jsonb default null, chat_id text default null,
    out outcome text, out conversation history.conversation)
language plpgsql set search_path = pg_catalog, pg_temp
as $$
declare
    tenant constant uuid := history.writing_tenant();
    me constant uuid := history.user_id();
    meant constant uuid := (history.conversation_meant(tenant, id, chat_id)).id;
    c public.conversations;
    merged jsonb;
begin
    select o.* into c from public.conversations o
    where o.tenant_id = tenant and o.user_id = me and o.id = meant for no key update;
    merged := case when patch is null then c.metadata
        else history.merge_patch(case when not clear then c.metadata end, patch) end;
    conversation := history.shown_conversation(c);
    outcome := case
        when c.id is null then 'missing'
        when conversation.revision <> all (versions) then 'changed'
        when patch is not null and octet_length(merged::text) > most
            and octet_length(merged::text) > octet_length(c.metadata::text) then 'too large'
        else 'done' end;
    if outcome = 'done' and coalesce(patch_conversation.title, patch::text, labels::text, archived::text) is not null then
        update public.conversations o
        set title = coalesce(patch_conversation.title, c.title), metadata = merged,
            archived = coalesce(patch_conversation.archived, c.archived),
            labels = case when patch_conversation.labels is null then c.labels
                else array(select jsonb_array_elements_text(patch_conversation.labels)) end
        where o.tenant_id = tenant and o.id = c.id
        returning o.* into strict c;
        conversation := history.shown_conversation(c);
    end if;
end $$;
