-- The triggers of chat_sessions, before expand. replaced: it only maintains updated_at, as ours do. The others go to conversations,
-- and do not fire for the migration's own writes; one that cannot be carried over like this blocks. Disabled ones stay disabled.
-- Only reads. Called by expand and original_of; preflight runs its body.
create or replace function history.session_triggers()
returns table (blocks boolean, finding text, remedy text, name text, replaced boolean)
language sql stable set search_path = pg_catalog, pg_temp
as $$
    with found as (
        select t.tgname, t.tgtype, t.tgargs, t.tgenabled <> 'D' as enabled, f.oid::regprocedure as function, f.proname, l.lanname,
            exists (select from unnest(f.proconfig) c where c like 'search_path=%') as has_path, pg_get_triggerdef(t.oid) as definition,
            regexp_replace(regexp_replace(f.prosrc, '/\*.*?\*/|--[^\n]*', ' ', 'g'), '\s+', ' ', 'g') as source,
            (select s.reset_val from pg_settings s where s.name = 'search_path') as path
        from pg_trigger t join pg_proc f on f.oid = t.tgfoid join pg_language l on l.oid = f.prolang
        where t.tgrelid = to_regclass('public.chat_sessions') and not t.tgisinternal
            and f.pronamespace is distinct from to_regnamespace('history') -- what erase has left
    ), trigger_ as (
        select f.*, f.tgtype in (19, 23) and ( -- before update, or insert or update, for each row
                f.lanname = 'plpgsql' and f.source ~* ('^ ?begin new\."?updated_at"? ?:?= ?(now\(\)|current_timestamp|localtimestamp|'
                    || '(clock|statement|transaction)_timestamp\(\)|timezone\(''utc''(::text)?, ?(now\(\)|current_timestamp)\)|'
                    || '\(?(now\(\)|current_timestamp) at time zone ''utc''\)?) ?; ?return new ?; ?end ?;? ?$')
                or f.lanname = 'c' and f.proname = 'moddatetime' and f.tgargs = 'updated_at'::bytea || '\x00'::bytea) as replaced,
            f.enabled and f.tgtype & 3 = 3 and f.tgtype & 20 <> 0 and f.lanname not in ('c', 'internal') as shapes
        from found f
    )
    select true as blocks, format('Trigger %s of chat_sessions %s: %s', t.tgname, v.words, t.definition) as finding,
        v.remedy, null as name, false as replaced
    from trigger_ t
    cross join lateral (values
        (t.tgname ~ '^history_', 'has a name that the migration needs', 'Rename it',
            format('alter trigger %I on public.chat_sessions rename to %I', t.tgname, left('team_' || t.tgname, 63))),
        (t.shapes and t.source ~* '(^|;|\m(begin|then|else|loop|into)) ?new\."?messages"? ?([:=,;]|from)',
            'writes the array itself, so it would differ from its rows', 'Let the application do that, and take it away',
            format('drop trigger %I on public.chat_sessions', t.tgname)),
        (t.shapes and t.tgname > 'history_' collate "C" and t.tgname !~ '^history_'
                and (t.lanname <> 'plpgsql' or t.source ~* '(^|;|\m(begin|then|else|loop|into)) ?new\M'),
            'changes rows after the migration has read them', 'Triggers work in the order of their names. Let it come first',
            format('alter trigger %I on public.chat_sessions rename to %I', t.tgname, left('a_' || t.tgname, 63))),
        (t.enabled and not t.has_path and t.lanname not in ('c', 'internal'), 'calls a function that has no search_path of its own, so '
            'that names in it may mean nothing when a function of the API writes', 'Give it the one that it has today',
            format('alter function %s set search_path = %s, pg_temp', t.function, coalesce(nullif(t.path, ''), 'public')))
        ) w(applies, words, advice, statement)
    cross join lateral (select w.words, w.advice || ': ' || w.statement || ';') v(words, remedy)
    where w.applies and not t.replaced
    union all
    select false, case when not t.replaced then format('Trigger %s of chat_sessions will be one of conversations%s%s: %s', t.tgname, case when t.tgtype & 16 <> 0 then '; it rests while the backfill works' else '' end,
            case when t.enabled then '' else '; it stays disabled' end, t.definition) end,
        case when not t.replaced then format('Look whether %s says chat_sessions, and before complete whether it reads the array.', t.function) end, t.tgname, t.replaced
    from trigger_ t
$$;
