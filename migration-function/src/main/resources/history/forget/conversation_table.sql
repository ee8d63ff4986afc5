-- The table of the conversations in this phase. Called by what works in every phase.
create or replace function history.conversation_table() returns regclass
language sql stable set search_path = pg_catalog, pg_temp
as $$ select case s.phase when 'prepared' then 'public.chat_sessions' else 'public.conversations' end::regclass from history.state s $$;
