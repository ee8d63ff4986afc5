-- Why a turn has no conversation. nothing: whether it is to regenerate what is there. Out: a decision as in claim_turn, which calls it.
create or replace function history.no_conversation(conversation uuid, chat_id text, key text, nothing boolean) returns text
language plpgsql stable set search_path = pg_catalog, pg_temp
as $$
declare
    tenant constant uuid := history.current_tenant();
begin
    return case
        when conversation is not null and chat_id is null or exists ( -- another user's, which an admin reads
            select from public.conversations o where o.tenant_id = tenant and o.id = conversation) then 'missing'
        when history.is_deleted(conversation) or history.is_deleted(history.derived_id('request', key))
            or chat_id is null and key is not null or history.is_deleted(history.derived_id('chat', chat_id)) then 'deleted'
        when nothing then 'nothing'
        else 'missing' end;
end $$;
