-- A client's position. earlier: its list with the new message, [{id, role, content, metadata, parts}], of which only the ids are
-- trusted. Out: place: the last message that both know, with its answer; null if none is known. missing: the user's messages after it,
-- which never arrived, in order, without those that were deleted; where the chat's conversation was, what an unknown answer follows was
-- in it. Of two under one id the earlier gets an id of its own, unless all of it is in the other. Called by question_asked, under the lock.
create or replace function history.standing(
    tenant uuid, conversation uuid, earlier jsonb, out place bigint, out missing jsonb)
language plpgsql stable set search_path = history_maintenance, pg_temp
as $$
declare
    entry jsonb;
    m public.messages;
    next record;
    is_answered boolean := false;
begin
    missing := '[]';
    for entry in select e.value from jsonb_array_elements(earlier) with ordinality e(value, i) order by e.i desc loop
        m := history.known_message(tenant, conversation, entry ->> 'id');
        if m.id is null and entry ->> 'role' = 'user' and entry ? 'content'
            and not missing @> jsonb_build_array(entry) and not history.was_deleted(conversation, entry ->> 'id')
            and not (is_answered and history.is_deleted(conversation))
        then
            missing := jsonb_build_array(case when missing @> jsonb_build_array(jsonb_build_object('id', entry -> 'id'))
                then entry || jsonb_build_object('id', gen_random_uuid()) else entry end) || missing;
        end if;
        is_answered := is_answered or entry ->> 'role' is distinct from 'user';
        continue when m.id is null;
        place := 9223372036854775807; -- what it knows has been replaced: it goes on at the end
        if m.role = 'assistant' and not m.current then -- by another answer
            m := history.known_message(tenant, conversation, m.reply_to::text);
        end if;
        continue when m.current is not true;
        place := m.seq;
        exit when m.role = 'assistant';
        select n.seq, n.role into next from public.messages n
        where n.tenant_id = tenant and n.conversation_id = conversation and n.current and n.seq > m.seq order by n.seq limit 1;
        place := case when next.role = 'assistant' then next.seq else m.seq end;
        exit;
    end loop;
end $$;
