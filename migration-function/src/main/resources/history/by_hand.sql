-- Conversation History: the migration by hand, for who cannot run the migration function. The statement before this line defines
-- everything; these blocks do the work. Pasted whole it is one transaction; with psql each block is one. A block that fails leaves
-- everything as it was, and no block does anything unless the one before has succeeded: so errors may be ignored, and all of
-- it may be run again. It holds its locks for as long as it runs: for more than about a million messages use the function.
-- To go back, as the same role: select history.roll_back();

do $$
declare
    phase_before text;
begin
    if to_regprocedure('history.roll_back()') is null then
        raise exception 'The definitions are not all there: run the whole file.';
    end if;
    if not pg_try_advisory_xact_lock(7310868, 1) then
        raise exception 'Another run of the migration is at work.';
    end if;
    perform set_config('search_path', 'history_maintenance, pg_temp', true);
    while history.upgrade() is not null loop
    end loop;
    phase_before := (select phase from history.state);
    perform history.guard(phase_before);
    perform history.begin_fresh();
    if (select phase from history.state) = 'prepared' then
        if to_regclass('public.conversations') is not null or to_regclass('public.messages') is not null then
            raise exception 'A table conversations or messages exists that this migration did not make: rename or drop it.';
        end if;
        perform history.repair_membership_policies();
        raise notice 'expand: %', history.expand();
    end if;
end $$;

do $$
declare
    batch record;
    elements bigint := 0;
begin
    perform set_config('search_path', 'history_maintenance, pg_temp', true);
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
    if (select phase from history.state) <> 'prepared' then
        perform history.release_quarantine();
    end if;
end $$;

do $$
declare
    differing uuid[];
begin
    perform set_config('search_path', 'history_maintenance, pg_temp', true);
    if (select phase from history.state) <> 'backfilled' then
        return;
    end if;
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
    raise notice 'migrated and verified';
    if (select fresh from history.state) then
        perform history.drop_arrays();
    end if;
end $$;
