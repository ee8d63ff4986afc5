-- Indexes that are missing, changed, or left invalid by a build that was cut off; those of an earlier version; and others on
-- public.messages, which is all ours.
create or replace function history.index_differences(target text)
returns table (place integer, object text, finding text, remedy text, mend text)
language sql stable set search_path = pg_catalog, pg_temp
as $$
    select 35, 'public.' || w.name,
        case when i.indexrelid is null then 'is missing' when not i.indisvalid then 'is not valid' else 'is another index' end, null,
        case when i.indexrelid is null then replace(w.definition, 'CREATE INDEX', 'create index concurrently')
            else format('drop index concurrently public.%I', w.name) end
    from history.wanted_indexes(target) w
    left join pg_index i on i.indexrelid = to_regclass('public.' || w.name)
    where i.indexrelid is null or not i.indisvalid or pg_get_indexdef(i.indexrelid) <> w.definition
    union all
    select 36, 'public.' || r.name, 'is not read any more', null, format('drop index concurrently public.%I', r.name)
    from unnest(array['conversations_tenant_id_user_id_updated_at_id_idx', 'conversations_tenant_id_updated_at_id_idx']) r(name)
    where target in ('migrated', 'complete') and to_regclass('public.' || r.name) is not null
    union all
    select 94, i.indexrelid::regclass::text, 'the index on public.messages is not of this version',
        format('If it is not meant: drop index concurrently %s;', i.indexrelid::regclass), null
    from pg_index i
    where i.indrelid = to_regclass('public.messages')
        and not exists (select from pg_constraint k where k.conindid = i.indexrelid)
        and not exists (
            select from history.wanted_indexes('migrated') w where to_regclass('public.' || w.name) = i.indexrelid)
$$;
