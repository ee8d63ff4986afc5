-- What happens once, in the order of its numbers: runs the next function upgrade_<number>, a part of its work at a time, and records
-- when it is over.
-- Out: what was done; null when there is nothing more. Called by migrate until then. A database whose tables are yet to be made
-- gets them as they are now, and needs none of it.
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
        update history.state set schema = greatest(done, coalesce(newest, 1)) where schema is distinct from greatest(done, coalesce(newest, 1));
        return null;
    end if;
    execute format('select history.upgrade_%s()', next) into is_over;
    if is_over then
        update history.state set schema = next;
    end if;
    return format('step %s', next);
end $$;
