-- The relations that must exist in a phase: whether row level security is on, and whether it binds the owner too.
create or replace function history.wanted_relations(target text)
returns table (relation text, kind "char", secured boolean, forced boolean)
language sql stable set search_path = pg_catalog, pg_temp
as $$
    select t.name, 'r'::"char", true, t.forced
    from (values
        ('history.state', false), ('history.lease', false), ('history.definition', false), ('history.edition', false),
        ('history.secret', false), ('history.receipt', false),
        ('history.quarantine', true), ('history.remembered', true), ('history.progress', true),
        ('history.replaced', true), ('history.labelled', true), ('history.deleted', true),
        ('history.granted_turns', true), ('history.spent_tokens', true)) t(name, forced)
    union all
    select 'history.schema_history', 'r', true, false where to_regclass('history.schema_history') is not null -- Flyway's
    union all
    -- Last, because an owner under forced policies sees no row, and would validate a foreign key that is not valid.
    select t.name, 'r', true, target in ('migrated', 'complete')
    from (values ('public.conversations'), ('public.messages')) t(name) where target <> 'prepared'
    union all
    select 'history.usage', 'v', false, false
    union all
    select 'public.chat_sessions', 'v', false, false where target in ('expanded', 'backfilled', 'migrated')
$$;
