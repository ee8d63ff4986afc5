-- The ids of a page of the conversations with a label. In: as in page_ids. Runs as the owner, because only the owner may read the labels;
-- list_conversations, which calls it, then reads the conversations under the policies. Planned each time, for the index of one user or of
-- all.
create or replace function history.labelled_ids(
    everyone boolean, label text, states boolean[], last_time timestamptz, last_id uuid, most integer) returns uuid[]
language plpgsql stable security definer set search_path = history_maintenance, pg_temp set plan_cache_mode = force_custom_plan
as $$
declare
    tenant constant uuid := history.current_tenant();
    me constant uuid := history.user_id();
begin
    if everyone and tenant <> all (array(select history.my_admin_tenants())) then
        return '{}';
    end if;
    return array(
        select l.conversation_id from unnest(states) s cross join lateral (
            select o.conversation_id, o.place from history.labelled o
            where o.tenant_id = tenant and (everyone or o.user_id = me) and o.label = labelled_ids.label and o.archived = s
                and (o.place, o.conversation_id) < (last_time, last_id)
            order by o.place desc, o.conversation_id desc limit most) l
        order by l.place desc, l.conversation_id desc limit most);
end $$;
