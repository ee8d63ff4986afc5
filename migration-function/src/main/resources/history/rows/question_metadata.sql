-- The metadata of a question that is sent again or edited, with its element. said: as in begin_attempt. Called by store_metadata and keep_version.
create or replace function history.question_metadata(q public.messages, said jsonb) returns jsonb
language plpgsql stable set search_path = history_maintenance, pg_temp
as $$
declare
    kept constant jsonb := history.sent_metadata(q.metadata, said -> 'metadata') - array['attempt', 'ui_parts'];
begin
    perform history.refuse_message(null, nullif(said -> 'metadata', 'null'), null, 0);
    return kept || case when kept ? 'legacy' then history.kept(history.edited(history.element_of(
        q.id, q.conversation_id, q.user_id, q.role, q.content, q.metadata, q.created_at), q.role, said ->> 'content', kept - 'legacy'),
        q.role, said ->> 'content') else '{}' end;
end $$;
