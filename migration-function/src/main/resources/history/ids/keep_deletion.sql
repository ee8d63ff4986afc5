-- Records that the caller's conversation was deleted. Called in the arrays edition, which has no trigger for it.
create or replace function history.keep_deletion(conversation uuid) returns void
language plpgsql security definer set search_path = history_maintenance, pg_temp
as $$
declare
    tenant constant uuid := history.current_tenant();
    me constant uuid := history.user_id();
begin
    insert into history.deleted (tenant_id, user_id, id) values (tenant, me, conversation) on conflict do nothing;
end $$;
