-- Ends the statement of a turn whose row was not stored, so that nothing of it is: a trigger of the team's returned null, or a rule did
-- nothing. stored: found. Called after each insert of a row, and after updates that a turn relies on.
create or replace function history.refuse_loss(stored boolean, relation text) returns void
language plpgsql set search_path = pg_catalog, pg_temp
as $$
begin
    if stored is not true then
        raise triggered_action_exception using schema = 'public', table = relation,
            message = format('A trigger or a rule of public.%s kept a row from being stored, or a policy hides it.', relation);
    end if;
end $$;
