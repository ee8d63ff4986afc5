-- Conversation History: the migration by hand, for those who cannot run the migration function or its jar.
--
-- Run the whole file as the role that owns the tables: paste it into an SQL editor, where it is one transaction, or psql -f, or
-- supabase db push under a name that sorts last. It first checks what is in the way and counts. Before it locks anything it stops if
-- there is more than fits into an editor's minute. Then three blocks do the work. Each is all or nothing, and does nothing unless the
-- ones before it succeeded, so after any error the whole file can be run again. The last statement returns one row.
--
-- On a database without chat_sessions it stops, unless you ask for a new installation: set history.fresh = 'yes';
-- More messages, where no editor waits and nobody writes:                             set history.most_messages = 1000000;
-- To go back, as the same role:                                                       select history.roll_back();
-- To complete it, days later:                                                         select history.complete();

do $migration$
declare
    questions constant text[] := array[
{preflight}
    ];
    question text;
    each record;
    owner name;
    blocking text := '';
    remarks text := '';
    most constant bigint := coalesce(nullif(current_setting('history.most_messages', true), ''), '250000')::bigint;
    messages bigint := 0;
begin
    perform pg_catalog.set_config('history.by_hand', '', false);
    perform pg_catalog.set_config('search_path', 'pg_catalog, pg_temp', true);
    select r.rolname into owner
    from pg_catalog.pg_attribute a
    join pg_catalog.pg_class c on c.oid = a.attrelid and c.relname = 'state'
    join pg_catalog.pg_namespace n on n.oid = c.relnamespace and n.nspname = 'history'
    join pg_catalog.pg_roles r on r.oid = n.nspowner
    where a.attname = 'backfilled_to'
        and pg_catalog.pg_has_role(current_user, r.oid, 'member');
    if found then -- what another role makes belongs to it, and its functions would work as it
        perform pg_catalog.set_config('role', owner, true);
    end if;
    foreach question in array questions loop
        continue when question ~ 'from public.chat_sessions s' and (blocking <> '' or not exists (
            select from pg_class c where c.oid = to_regclass('public.chat_sessions') and c.relkind = 'r'));
        for each in execute question loop
            if each.blocks then
                blocking := blocking || format(E'\n* %s\n  %s', each.finding, each.remedy);
            else
                remarks := remarks || format('%s %s ', each.finding, each.remedy);
            end if;
        end loop;
    end loop;
    if blocking <> '' then
        raise exception using message = 'Nothing was changed. In the way:' || blocking;
    end if;
    if to_regclass('public.chat_sessions') is null and to_regclass('public.conversations') is null
        and coalesce(current_setting('history.fresh', true), '') <> 'yes' then
        raise exception 'Nothing was changed: there is no table public.chat_sessions.'
            using hint = 'If you want a new installation here, put this before the file: set history.fresh = ''yes'';';
    end if;

{definitions}

    if (select phase from history.state) = 'prepared' and to_regclass('public.chat_sessions') is not null then
        if pg_table_size('public.chat_sessions') < most * 4000 then
            execute 'select coalesce(sum(history.element_count(messages)), 0) from public.chat_sessions' into messages;
        else
            messages := pg_table_size('public.chat_sessions') / 500; -- to count them would take the minute
        end if;
    end if;
    if messages > most then
        raise exception 'Nothing was changed: chat_sessions holds some % messages, and up to % fit into the minute of an editor.',
                messages, most
            using hint = format('Use the migration function, or its jar on a command line (java -jar migration-function.jar migrate): '
                'they work while people write. Or, while nobody does, psql -c "set history.most_messages = %s" -f with this file.',
                messages + messages / 10);
    end if;
    perform pg_catalog.set_config('history.remarks', trim(remarks), false);
    perform pg_catalog.set_config('history.by_hand', 'ready', false);
end $migration$;

do $$
declare
    phase_before text;
begin
    if current_setting('history.by_hand', true) is distinct from 'ready' then
        raise exception 'The first statement has not succeeded, so this one does nothing: run the whole file.';
    end if;
    if not pg_try_advisory_xact_lock(7310868, 1) then
        raise exception 'Another run of the migration is in progress.';
    end if;
    perform set_config('search_path', 'history_maintenance, pg_temp', true);
    perform set_config('role', history.owner(), true);
    while history.upgrade() is not null loop
    end loop;
    phase_before := (select phase from history.state);
    perform history.guard(phase_before);
    perform history.begin_fresh();
    if (select phase from history.state) = 'prepared' then
        perform history.repair_membership_policies();
        raise notice 'expand: %', history.expand();
    end if;
end $$;

do $$
declare
    nil constant uuid := '00000000-0000-0000-0000-000000000000';
    batch record;
    elements bigint := 0;
begin
    perform set_config('search_path', 'history_maintenance, pg_temp', true);
    if current_setting('history.by_hand', true) is distinct from 'ready' then
        return;
    elsif (select phase from history.state) = 'prepared' then
        return;
    end if;
    perform set_config('role', history.owner(), true);
    if (select phase from history.state) = 'expanded' then
        loop
            select * into batch from history.backfill_batch(1000, 8388608, 10000);
            exit when not batch.more;
            elements := elements + batch.elements;
            if batch.elements + batch.conversations = 0 then
                perform pg_sleep(0.05); -- somebody has locked what is left
            end if;
        end loop;
        perform history.enter('backfilled');
        raise notice 'backfill: % elements', elements;
    end if;
    perform history.release_batch(nil, nil, 2147483647);
    perform history.relabel(history.mislabelled());
end $$;

do $$
declare
    differing uuid[];
begin
    perform set_config('search_path', 'history_maintenance, pg_temp', true);
    if current_setting('history.by_hand', true) is distinct from 'ready' then
        return;
    elsif (select phase from history.state) <> 'backfilled' then
        return;
    end if;
    perform set_config('role', history.owner(), true);
    differing := history.differing();
    if differing <> '{}' then
        raise exception 'These conversations differ from their rows: %', differing;
    end if;
    perform history.guard('migrated');
    if history.orphans() > 0 then
        raise exception '% messages have no conversation', history.orphans();
    end if;
    perform history.join_realtime();
    perform history.enter('migrated');
    if (select fresh from history.state) then
        perform history.drop_arrays();
    end if;
end $$;

select * from history.by_hand();
