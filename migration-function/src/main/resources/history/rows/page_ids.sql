-- The ids of a page of a list. In: as in list_conversations, which calls it. Conversations that are not converted yet are ordered by
-- their last change; until all are converted no index serves a list.
create or replace function history.page_ids(
    everyone boolean, states boolean[], last_time timestamptz, last_id uuid, most integer) returns uuid[]
language plpgsql stable set search_path = pg_catalog, pg_temp
as $$
declare
    tenant constant uuid := history.current_tenant();
    me constant uuid := history.user_id();
begin
    if not exists (
        select from pg_attribute a
        where a.attrelid = 'public.conversations'::regclass and a.attname = 'last_seq' and a.attnotnull)
    then
        return array(
            select o.id from public.conversations o cross join lateral (select coalesce(
                case when o.last_seq is null then o.updated_at else o.last_message_at end, o.created_at, '-infinity') as place) p
            where o.tenant_id = tenant and (everyone or o.user_id = me) and o.archived = any (states)
                and (p.place, o.id) < (last_time, last_id)
            order by p.place desc, o.id desc limit most);
    end if;
    -- The expression of the index, written out: a function of it, and coalesce, could not be compared with under policies.
    if everyone then
        return array(
            select c.id from unnest(states) s cross join lateral (
                select o.id, p.place from public.conversations o cross join lateral (select
                    case when o.last_message_at is not null then o.last_message_at
                        when o.created_at is not null then o.created_at else '-infinity' end) p(place)
                where o.tenant_id = tenant and o.archived = s and (p.place, o.id) < (last_time, last_id)
                order by p.place desc, o.id desc limit most) c
            order by c.place desc, c.id desc limit most);
    end if;
    return array(
        select c.id from unnest(states) s cross join lateral (
            select o.id, p.place from public.conversations o cross join lateral (select
                case when o.last_message_at is not null then o.last_message_at
                    when o.created_at is not null then o.created_at else '-infinity' end) p(place)
            where o.tenant_id = tenant and o.user_id = me and o.archived = s and (p.place, o.id) < (last_time, last_id)
            order by p.place desc, o.id desc limit most) c
        order by c.place desc, c.id desc limit most);
end $$;
