-- Triggers that are missing, changed or disabled, ours that belong to another phase, and those of others, which are reported.
create or replace function history.trigger_differences(target text)
returns table (place integer, object text, finding text, remedy text, mend text)
language sql stable set search_path = pg_catalog, pg_temp
as $$
    with wanted as materialized (
        select w.* from history.wanted_triggers(target) w where to_regclass(w.relation) is not null
    ), found as materialized (
        select r.relation, t.tgname::text as name, pg_get_triggerdef(t.oid) as definition, t.tgenabled, f.pronamespace,
            t.tgfoid
        from history.wanted_relations(target) r
        join pg_trigger t on t.tgrelid = to_regclass(r.relation) and not t.tgisinternal
        join pg_proc f on f.oid = t.tgfoid
    )
    select 50, w.relation, format('trigger %s is %s', w.name, case when f.name is null then 'missing' else 'different from this version''s' end),
        null, regexp_replace(w.definition, '^CREATE TRIGGER', 'create or replace trigger')
    from wanted w left join found f on f.relation = w.relation and f.name = w.name
    where f.definition is distinct from w.definition
    union all
    select 51, f.relation, format('trigger %s is %s', f.name,
            case f.tgenabled when 'D' then 'disabled' when 'A' then 'enabled always' else 'enabled for replicas only' end), null,
        format('alter table %s enable trigger %I', f.relation, f.name)
    from found f join wanted w on w.relation = f.relation and w.name = f.name where f.tgenabled <> 'O'
    union all
    select 52, f.relation, format('trigger %s belongs to another phase', f.name), null,
        format('drop trigger %I on %s', f.name, f.relation)
    from found f
    where f.pronamespace = 'history'::regnamespace and f.name ~ '^history_'
        and not exists (select from wanted w where w.relation = f.relation and w.name = f.name)
    union all
    select 93, f.relation, format('trigger %s of somebody else calls %s%s', f.name, f.tgfoid::regproc,
            case when f.tgenabled = 'D' then '; it is disabled' else '' end),
        format('If it is not meant: drop trigger %I on %s;', f.name, f.relation), null
    from found f
    where not (f.pronamespace = 'history'::regnamespace and f.name ~ '^history_')
        and not exists (select from history.state s
            cross join lateral jsonb_array_elements_text(s.original -> 'carried') c where c.value = f.definition)
    union all
    select 93, f.relation, format('trigger %s calls %s, which reads the array that complete drops', f.name, f.tgfoid::regproc),
        'Before complete, let it do without messages, or all writes will fail.', null
    from found f join pg_proc p on p.oid = f.tgfoid
    where target = 'migrated' and f.relation = 'public.conversations' and f.pronamespace <> 'history'::regnamespace
        and f.tgenabled <> 'D' and p.prosrc ~ '\m(new|old|NEW|OLD)\."?messages\M'
$$;
