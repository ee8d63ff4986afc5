-- The metadata of an answer that goes on. An element that it has from an array becomes one whose only text is the content, which changes:
-- its parts are those of the row by now. Called by continue_turn.
create or replace function history.own_element(a public.messages, metadata jsonb) returns jsonb
language plpgsql stable set search_path = history_maintenance, pg_temp
as $$
begin
    return case when jsonb_typeof(metadata -> 'legacy') = 'object' then history.kept(history.edited(
        history.element_of(a.id, a.conversation_id, a.user_id, a.role, a.content, metadata, a.created_at) - history.text_keys()
            || jsonb_build_object('content', a.content), a.role, a.content, metadata - 'legacy'), a.role, a.content) else metadata end;
end $$;
