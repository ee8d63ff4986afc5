-- The rows of a page of a list, in its order, from one scan of an index; with a label, those that labelled_ids names. In: as in
-- list_conversations, which calls it. Conversations that are not converted yet are ordered by their last change; until all are converted
-- no index serves a list.
create or replace function history.page_of_list(
    tenant uuid, everyone boolean, label text, states boolean[], last_time timestamptz, last_id uuid, most integer)
returns setof public.conversations
language plpgsql stable set search_path = pg_catalog, pg_temp
as $$
declare
    me constant uuid := history.user_id();
begin
    if label is not null then
        return query
        select c.* from unnest(history.labelled_ids(everyone, label, states, last_time, last_id, most)) with ordinality i(id, place)
        join public.conversations c on c.id = i.id where c.tenant_id = tenant order by i.place;
    elsif not exists (
        select from pg_attribute a
        where a.attrelid = 'public.conversations'::regclass and a.attname = 'last_seq' and a.attnotnull)
    then
        return query
        select o.* from public.conversations o cross join lateral (select coalesce(
            case when o.last_seq is null then o.updated_at else o.last_message_at end, o.created_at, '-infinity') as place) p
        where o.tenant_id = tenant and (everyone or o.user_id = me) and o.archived = any (states) and (p.place, o.id) < (last_time, last_id)
        order by p.place desc, o.id desc limit most;
    -- The expression of the index, written out: a function of it, and coalesce, could not be compared with under policies.
    elsif everyone then
        return query
        select l.* from unnest(states) s cross join lateral (
            select o.* from public.conversations o cross join lateral (select
                case when o.last_message_at is not null then o.last_message_at
                    when o.created_at is not null then o.created_at else '-infinity' end) p(place)
            where o.tenant_id = tenant and o.archived = s and (p.place, o.id) < (last_time, last_id)
            order by p.place desc, o.id desc limit most) l
        order by coalesce(l.last_message_at, l.created_at, '-infinity') desc, l.id desc limit most;
    else
        return query
        select l.* from unnest(states) s cross join lateral (
            select o.* from public.conversations o cross join lateral (select
                case when o.last_message_at is not null then o.last_message_at
                    when o.created_at is not null then o.created_at else '-infinity' end) p(place)
            where o.tenant_id = tenant and o.user_id = me and o.archived = s and (p.place, o.id) < (last_time, last_id)
            order by p.place desc, o.id desc limit most) l
        order by coalesce(l.last_message_at, l.created_at, '-infinity') desc, l.id desc limit most;
    end if;
end $$;
