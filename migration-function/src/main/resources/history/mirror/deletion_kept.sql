-- conversations, after delete by anybody: records that the conversation existed.
create or replace function history.deletion_kept() returns trigger
language plpgsql security definer set search_path = history_maintenance, pg_temp
as $$
begin
    insert into history.deleted (tenant_id, user_id, id) values (old.tenant_id, old.user_id, old.id) on conflict do nothing;
    return null;
end $$;
