-- The question of an answer: the one that it names, else the last one that is shown before it. Out: null columns if there is none, as for
-- a greeting. Called by the functions of a turn.
create or replace function history.question_of(a public.messages) returns public.messages
language plpgsql stable set search_path = history_maintenance, pg_temp
as $$
declare
    q public.messages;
begin
    q := history.known_message(a.tenant_id, a.conversation_id, a.reply_to::text);
    if q.id is null then
        q := history.last_question(a.tenant_id, a.conversation_id, a.seq);
    end if;
    return q;
end $$;
