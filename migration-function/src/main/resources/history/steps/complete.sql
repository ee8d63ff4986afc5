-- Completes the migration by hand, if every array equals its rows. In: the text of confirmation. Locks both tables for milliseconds.
create or replace function history.complete(confirm text default null) returns text
language plpgsql set search_path = history_maintenance, pg_temp
as $$
declare
    differing uuid[];
begin
    if (select s.phase from history.state s) = 'migrated' then
        if not history.is_confirmed(confirm) then
            raise exception 'This drops the old name and the arrays, for good. If you mean it: select history.complete(%);',
                quote_literal(history.confirmation());
        end if;
        differing := history.differing();
        if differing <> '{}' then
            raise exception 'Nothing was dropped: these conversations differ from their rows: %', differing;
        end if;
    end if;
    return history.drop_arrays();
end $$;
