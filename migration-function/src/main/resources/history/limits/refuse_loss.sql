-- Ends a statement that did not store or delete a row, so that nothing of it is done: a trigger of the team's returned null, or a rule did
-- nothing. stored: found, or of a deletion whether the row is gone. Called after each insert of a row, after updates that a turn relies
-- on, and where conversations and messages are deleted.
create or replace function history.refuse_loss(stored boolean, relation text) returns void
language plpgsql set search_path = pg_catalog, pg_temp
as $$
begin
    if stored is not true then
        raise triggered_action_exception using schema = 'public', table = relation,
            message = format('A trigger or a rule of public.%s kept a row from being stored or deleted, or a policy hides it: '
                'let it return the row, or drop it.', relation);
    end if;
end $$;
