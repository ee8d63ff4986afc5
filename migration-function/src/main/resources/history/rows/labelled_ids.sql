-- A page of the conversations with a label, in the order of a list: the caller's own, or the whole tenant's for its admins. In: as in
-- list_conversations, which calls it. Runs as the owner, because only the owner may read the labels; list_conversations then reads the
-- conversations under the policies.
create or replace function history.labelled_ids(
    everyone boolean, label text, states boolean[], last_time timestamptz, last_id uuid, most integer) returns uuid[]
language plpgsql stable security definer set search_path = history_maintenance, pg_temp
as $$
declare
    tenant constant uuid := history.current_tenant();
    me constant uuid := history.user_id();
begin
    if not everyone then
        return array(
            select l.conversation_id from unnest(states) s cross join lateral (
                select o.conversation_id, o.place from history.labelled o
                where o.tenant_id = tenant and o.user_id = me and o.label = labelled_ids.label and o.archived = s
                    and (o.place, o.conversation_id) < (last_time, last_id)
                order by o.place desc, o.conversation_id desc limit most) l
            order by l.place desc, l.conversation_id desc limit most);
    elsif tenant = any (array(select history.my_admin_tenants())) then
        return array(
            select l.conversation_id from unnest(states) s cross join lateral (
                select o.conversation_id, o.place from history.labelled o
                where o.tenant_id = tenant and o.label = labelled_ids.label and o.archived = s
                    and (o.place, o.conversation_id) < (last_time, last_id)
                order by o.place desc, o.conversation_id desc limit most) l
            order by l.place desc, l.conversation_id desc limit most);
    end if;
    return '{}';
end $$;
