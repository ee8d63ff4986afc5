-- The answer that a question which is sent means, and whose it is. A question without an answer of its own, which never arrived or whose
-- answer was deleted, shares that of the last question before the next answer: sent again, it is that one, and said is null. Regenerated
-- or edited it is its own. In and out: q, null columns for a new question; said as in question_asked. Out: edits, whether said has
-- another text. Called by take_turn.
create or replace function history.answer_meant(
    inout q public.messages, inout said jsonb, anew boolean, out a public.messages, out edits boolean)
language plpgsql stable set search_path = history_maintenance, pg_temp
as $$
declare
    shared public.messages;
begin
    if q.id is null then
        return;
    end if;
    a := history.answer_of(q.tenant_id, q.conversation_id, q.id, q.seq);
    edits := history.is_edit(q, said);
    if a.id is null and q.current and not anew and not edits and (q.lease_until > clock_timestamp()) is not true then
        shared := history.last_question(q.tenant_id, q.conversation_id, coalesce((
            select m.seq from public.messages m
            where m.tenant_id = q.tenant_id and m.conversation_id = q.conversation_id and m.current and m.role = 'assistant'
                and m.seq > q.seq
            order by m.seq limit 1), 9223372036854775807));
        if shared.id <> q.id then
            q := shared;
            said := null;
            a := history.answer_of(q.tenant_id, q.conversation_id, q.id, q.seq);
        end if;
    end if;
end $$;
