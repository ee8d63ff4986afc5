-- The conversations that erase deletes, those of of_user, or without one those that prune does: unchanged for as long as their tenant
-- keeps conversations, and no answer was begun anew, which changes nothing before it is complete. only_tenant, most: null for all.
-- Those behind (after_tenant, after), in that order, and locked where asked for.
create or replace function history.due(
    only_tenant uuid, of_user uuid, after_tenant uuid, after uuid, most integer, to_delete boolean)
returns table (tenant_id uuid, id uuid)
language plpgsql set search_path = history_maintenance, pg_temp
as $$
declare
    relation constant regclass := history.conversation_table();
    no_attempt constant text := case when relation = to_regclass('public.conversations') then 'and not exists (
            select from public.messages m where m.tenant_id = c.tenant_id and m.conversation_id = c.id and not m.current
                and m.created_at >= now() - make_interval(days => r.days))' end;
begin
    return query execute format('select c.tenant_id, c.id from %s c %s and ($1 is null or c.tenant_id = $1)
        and (c.tenant_id, c.id) > ($3, $4) order by c.tenant_id, c.id limit $5 %s',
        relation,
        case when of_user is not null then 'where c.user_id = $2' else 'join history.retentions() r on r.tenant_id = c.tenant_id
            where greatest(c.updated_at, c.created_at) < now() - make_interval(days => r.days)
                and greatest(c.updated_at, c.created_at) > to_timestamp(0) ' || coalesce(no_attempt, '') end,
        case when to_delete then 'for update of c' end)
    using only_tenant, of_user, after_tenant, after, most;
end $$;
