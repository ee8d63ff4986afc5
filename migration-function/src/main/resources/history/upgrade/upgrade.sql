-- The one-time steps, in the order of their numbers: runs the next function upgrade_<number>, a part of its work at a time, and records
-- its end. Out: what was done; null when nothing is left. Migrate repeats it until then. A database without our tables needs none of
-- the steps, because it gets the tables as they are now.
create or replace function history.upgrade() returns text
language plpgsql set search_path = pg_catalog, pg_temp
as $$
declare
    done integer := (select s.schema from history.state s);
    next integer;
    newest integer;
    is_over boolean;
begin
    select min(u.number) filter (where u.number > done), max(u.number) into next, newest
    from (
        select substring(p.proname from '^upgrade_(\d+)$')::integer as number
        from pg_proc p where p.pronamespace = 'history'::regnamespace
    ) u;
    if done is null or next is null then
        update history.state set schema = greatest(done, newest) where schema is distinct from greatest(done, newest);
        return null;
    end if;
    execute format('select history.upgrade_%s()', next) into is_over;
    if is_over then
        update history.state set schema = next;
    end if;
    return format('step %s', next);
end $$;
