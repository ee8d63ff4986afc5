-- An answer as it was before the attempt that continues it, or that failed to: continue_turn stores how many parts and characters it had.
-- Called by continue_turn and end_attempt.
create or replace function history.before_attempt(a public.messages) returns public.messages
language plpgsql immutable set search_path = pg_catalog, pg_temp
as $$
declare
    had constant jsonb := a.metadata #> '{attempt,before}';
begin
    if had @? 'strict $ ? (@.parts > 0 && @.parts < 100000000 && @.characters >= 0 && @.characters < 100000000)' then
        a.parts := jsonb_path_query_array(a.parts, '$[0 to $parts - 1]', had);
        a.content := left(a.content, (had -> 'characters')::integer);
    end if;
    return a;
end $$;
