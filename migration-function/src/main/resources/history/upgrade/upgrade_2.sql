-- Step 2: copies turns from the metadata of messages to columns, a thousand conversations at a time. Out: false while there are
-- more. Locks these conversations; no updated_at changes.
create or replace function history.upgrade_2() returns boolean
language plpgsql set search_path = history_maintenance, pg_temp
as $$
declare
    reached uuid := (select s.upgraded_to from history.state s);
    ids uuid[];
begin
    if (select s.phase from history.state s) = 'prepared' then
        return true;
    end if;
    ids := array(
        select c.id from public.conversations c where c.id >= reached and c.last_seq is not null and c.revision is null
        order by c.id limit 1000 for no key update);
    perform history.take_over(ids);
    update history.state s set upgraded_to = coalesce(ids[cardinality(ids)], '00000000-0000-0000-0000-000000000000');
    return ids = '{}' and not exists (select from public.conversations c where c.last_seq is not null and c.revision is null);
end $$;
