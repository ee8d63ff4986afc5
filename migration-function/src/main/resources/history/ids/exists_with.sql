-- Whether a conversation or a message of a user has an id that was derived without the secret: as a row, or as an element of an
-- array. A message is looked up in its conversation, which its key or the request names. Called by derived_id.
create or replace function history.exists_with(wanted uuid, tenant uuid, me uuid, kind text, key text) returns boolean
language plpgsql stable set search_path = history_maintenance, pg_temp
as $$
declare
    phase text := (select s.phase from history.state s);
    is_message boolean := kind ~ '^(message|answer)';
    conversation uuid := history.to_uuid(
        case when kind = 'message' then split_part(key, ' ', 1) else current_setting('app.conversation_id', true) end);
    element jsonb := jsonb_build_array(jsonb_build_object('id', wanted));
begin
    if exists (select from history.deleted d where d.tenant_id = tenant and d.user_id = me and d.id = wanted and d.erased) then
        return true; -- or a second conversation would take its place
    elsif phase = 'prepared' then
        return exists (
            select from public.chat_sessions c
            where c.tenant_id = tenant and c.user_id = me and c.id = case when is_message then conversation else wanted end
                and (not is_message or c.messages @> element));
    elsif not is_message then
        return exists (select from public.conversations c where c.tenant_id = tenant and c.user_id = me and c.id = wanted);
    end if;
    if phase = 'expanded' then -- elements that the backfill has not come to; later there may be no such column
        if exists (
            select from public.conversations c
            where c.tenant_id = tenant and c.user_id = me and c.id = conversation and c.last_seq is null and c.messages @> element)
        then
            return true;
        end if;
    end if;
    return exists (select from public.messages m where m.tenant_id = tenant and m.user_id = me and m.id = wanted) or exists (
        select from (
            select m.user_id, m.metadata #>> '{legacy,id}' as id from public.messages m
            where m.tenant_id = tenant and m.conversation_id = conversation
            order by m.seq desc limit 10) recent
        where recent.user_id = me and recent.id = wanted::text);
end $$;
