-- The question of the turn that an earlier request with a key made, in whichever conversation; of one that was edited since, as it is now.
-- keyed: as made_with found it. Out: null columns if there is none. Called by question_asked and continue_turn.
create or replace function history.question_of_key(keyed public.messages) returns public.messages
language plpgsql stable set search_path = history_maintenance, pg_temp
as $$
declare
    q public.messages;
begin
    q := history.known_message(keyed.tenant_id, keyed.conversation_id, coalesce(keyed.reply_to, keyed.id)::text);
    if not q.current and history.to_uuid(q.metadata ->> 'edit_of') is not null then
        q := history.known_message(q.tenant_id, q.conversation_id, q.metadata ->> 'edit_of');
    end if;
    return q;
end $$;
