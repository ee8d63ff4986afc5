-- The conversation that a request names, as the caller sees it, whose ever it is: with the id, or else with the id derived from chat_id, the
-- client's own. Out: null columns if there is none. Called where conversations are read, changed and deleted, so that all mean the same.
create or replace function history.conversation_meant(tenant uuid, id uuid, chat_id text) returns public.conversations
language plpgsql stable set search_path = pg_catalog, pg_temp
as $$
declare
    c public.conversations;
begin
    if id is not null then -- or a plan for null would be cheaper than the one to keep
        select o.* into c from public.conversations o where o.tenant_id = tenant and o.id = conversation_meant.id;
    end if;
    if not found and chat_id is not null then
        select o.* into c from public.conversations o where o.tenant_id = tenant and o.id = history.derived_id('chat', chat_id);
    end if;
    return c;
end $$;
