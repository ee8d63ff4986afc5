-- Messages without a conversation; there must be none.
create or replace function history.orphans() returns bigint
language plpgsql stable set search_path = history_maintenance, pg_temp
as $$
begin
    return (select count(*) from public.messages m
        where not exists (select from public.conversations c where c.tenant_id = m.tenant_id and c.id = m.conversation_id));
end $$;
