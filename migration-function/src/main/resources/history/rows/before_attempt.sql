-- An answer as it was before the attempt that continues it, or that failed to. Called by continue_turn.
create or replace function history.before_attempt(a public.messages) returns public.messages
language plpgsql immutable set search_path = pg_catalog, pg_temp
as $$
declare
    had constant jsonb := history.had_before(a.metadata);
begin
    if had is not null then
        a.parts := jsonb_path_query_array(a.parts, '$[0 to $parts - 1]', had);
        a.content := left(a.content, (had -> 'characters')::integer);
    end if;
    return a;
end $$;
