-- An answer as it was before the attempt that continues it, or that failed to: continue_turn stores how many parts and characters it had.
-- Called by continue_turn and end_attempt.
create or replace function history.before_attempt(a public.messages) returns public.messages
language plpgsql immutable set search_path = pg_catalog, pg_temp
as $$
declare
    had constant integer[] := regexp_match(a.metadata #>> '{attempt,before}', '^([0-9]{1,8}) ([0-9]{1,8})$');
begin
    if had is not null then
        a.parts := jsonb_path_query_array(a.parts, '$[0 to $last]', jsonb_build_object('last', had[1] - 1));
        a.content := left(a.content, had[2]);
    end if;
    return a;
end $$;
