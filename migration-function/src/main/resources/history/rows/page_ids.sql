-- The ids of a page of a list, and the digest of its ids and revisions, from one scan of an index. In: as in list_conversations, which
-- calls it. Conversations that are not converted yet are ordered by their last change; until all are converted no index serves a list.
create or replace function history.page_ids(
    everyone boolean, states boolean[], last_time timestamptz, last_id uuid, most integer, out ids uuid[], out digest text)
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
        select array_agg(c.id), md5(string_agg(c.id || ' ' || c.revision, ',')) into ids, digest from (
            select o.id, coalesce(o.revision, history.version_of(coalesce(o.updated_at, o.created_at, to_timestamp(0)))) as revision
            from public.conversations o cross join lateral (select coalesce(
                case when o.last_seq is null then o.updated_at else o.last_message_at end, o.created_at, '-infinity') as place) p
            where o.tenant_id = tenant and (everyone or o.user_id = me) and o.archived = any (states)
                and (p.place, o.id) < (last_time, last_id)
            order by p.place desc, o.id desc limit most) c;
    -- The expression of the index, written out: a function of it, and coalesce, could not be compared with under policies.
    elsif everyone then
        select array_agg(c.id), md5(string_agg(c.id || ' ' || c.revision, ',')) into ids, digest from (
            select l.id, l.revision from unnest(states) s cross join lateral (
                select o.id, o.revision, p.place from public.conversations o cross join lateral (select
                    case when o.last_message_at is not null then o.last_message_at
                        when o.created_at is not null then o.created_at else '-infinity' end) p(place)
                where o.tenant_id = tenant and o.archived = s and (p.place, o.id) < (last_time, last_id)
                order by p.place desc, o.id desc limit most) l
            order by l.place desc, l.id desc limit most) c;
    else
        select array_agg(c.id), md5(string_agg(c.id || ' ' || c.revision, ',')) into ids, digest from (
            select l.id, l.revision from unnest(states) s cross join lateral (
                select o.id, o.revision, p.place from public.conversations o cross join lateral (select
                    case when o.last_message_at is not null then o.last_message_at
                        when o.created_at is not null then o.created_at else '-infinity' end) p(place)
                where o.tenant_id = tenant and o.user_id = me and o.archived = s and (p.place, o.id) < (last_time, last_id)
                order by p.place desc, o.id desc limit most) l
            order by l.place desc, l.id desc limit most) c;
    end if;
end $$;
