-- The turns of a user that were granted within a minute before moment, which is now; oldest first. Locks the user's row, or makes it,
-- until the end of the transaction. Called by grant_turn.
create or replace function history.recent_turns(tenant uuid, member uuid, out moment timestamptz, out moments timestamptz[])
language plpgsql set search_path = history_maintenance, pg_temp
as $$
begin
    select g.moments into moments from history.granted_turns g
    where g.tenant_id = tenant and g.user_id = member for no key update;
    if not found then
        insert into history.granted_turns (tenant_id, user_id, moments) values (tenant, member, '{}') on conflict do nothing;
        select g.moments into moments from history.granted_turns g
        where g.tenant_id = tenant and g.user_id = member for no key update;
    end if;
    moment := clock_timestamp();
    -- A clock that was put back leaves moments in the future, which must not lock anybody out for long.
    moments := array(
        select m from unnest(moments) m where m > moment - interval '1 minute' and m < moment + interval '1 minute' order by m);
end $$;
