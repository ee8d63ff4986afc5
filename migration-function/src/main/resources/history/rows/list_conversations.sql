-- The caller's conversations, or the whole tenant's for its admins, ordered by their last message, or by their creation if there is
-- none. archived: only archived ones, or only others; null: both. label: only those with it, or null. until, until_id: the last row of
-- the page before, or null. most: how many; the page ends after the row with which titles and metadata exceed bytes. Metadata larger
-- than any client may write is omitted. known: digests of ids and revisions that the caller has; if one still matches, a single row
-- comes out, with that digest as its title. Locks nothing.
create or replace function history.list_conversations(
    everyone boolean, until timestamptz, until_id uuid, most integer,
    archived boolean default null, label text default null, bytes bigint default 4000000, known text[] default null)
returns setof history.conversation
language plpgsql stable set search_path = pg_catalog, pg_temp
as $$
declare
    tenant constant uuid := history.current_tenant();
    states constant boolean[] := case when archived is null then '{false,true}' else array[archived] end;
    -- In place of null, so that a kept plan reads the index from there.
    last_time timestamptz := coalesce(until, 'infinity');
    last_id constant uuid := coalesce(until_id, 'ffffffff-ffff-ffff-ffff-ffffffffffff');
    same history.conversation;
begin
    if everyone and tenant <> all (array(select history.my_admin_tenants())) then
        raise exception using errcode = 'PT403', message = 'scope=tenant is for admins of the tenant.';
    end if;
    if until <= '1970-01-01 00:00:00+00' or until >= '9999-12-31 23:59:59.999999+00' then
        last_time := coalesce((
            select coalesce(case when c.last_seq is null then c.updated_at else c.last_message_at end, c.created_at, '-infinity')
            from public.conversations c where c.tenant_id = tenant and c.id = until_id), until); -- a time that is not shown as it is
    end if;
    if cardinality(known) > 0 then
        select md5(string_agg(
            c.id || ' ' || coalesce(c.revision, history.version_of(coalesce(c.updated_at, c.created_at, to_timestamp(0)))), ',')) into same.title
        from history.page_of_list(tenant, everyone, label, states, last_time, last_id, most) c;
        if same.title = any (known) then
            return next same;
            return;
        end if;
    end if;
    return query
    select p.id, p.tenant_id, p.user_id, p.title, p.metadata, p.created_at, p.updated_at, p.message_count, p.archived, p.labels,
        p.last_message_at, p.revision
    from (
        select c.id, c.tenant_id, c.user_id, s.title,
            case when octet_length(s.text) > 65536 then '{"omitted": true}' else coalesce(c.metadata, '{}') end as metadata,
            coalesce(c.created_at, c.updated_at, to_timestamp(0)) as created_at, s.updated_at,
            coalesce(c.message_count, history.pending_count(c.tenant_id, c.id))::bigint as message_count, c.archived, c.labels,
            case when c.last_seq is null then c.updated_at else c.last_message_at end as last_message_at,
            coalesce(c.revision, history.version_of(s.updated_at)) as revision, c.ordinality,
            sum(octet_length(s.title) + case when octet_length(s.text) > 65536 then 17 else octet_length(s.text) end) over (
                order by c.ordinality rows between unbounded preceding and 1 preceding) as before
        from history.page_of_list(tenant, everyone, label, states, last_time, last_id, most) with ordinality c
        cross join lateral (
            -- The first character decides without the pattern, nearly always. offset: so that the text is made once.
            select case when ascii(c.title) between 33 and 126 or c.title ~ '\S' then c.title::text else 'New Conversation' end as title,
                coalesce(c.metadata, '{}')::text as text, coalesce(c.updated_at, c.created_at, to_timestamp(0)) as updated_at offset 0) s
    ) p
    where (p.before > bytes) is not true
    order by p.ordinality;
end $$;
