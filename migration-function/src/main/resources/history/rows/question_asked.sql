-- The question that a turn is about, as in question_known. key: the request's; keyed: the message that an earlier request with this key
-- stored. Its question may have been edited since, or deleted with all that the key made.
-- For a new question also its position: after place, which is the end unless the client's list (earlier) ends before it; and missing,
-- the user's messages before it that never arrived. If nothing in the client's list is known, the decision is elsewhere, unless it
-- regenerates the last question under an unknown id. Called by take_turn, which has the lock.
create or replace function history.question_asked(
    c public.conversations, keyed public.messages, target text, said jsonb, earlier jsonb, anew boolean, key text,
    out q public.messages, out decision text, out place bigint, out missing jsonb)
language plpgsql stable set search_path = history_maintenance, pg_temp
as $$
declare
    known record;
    stand record;
    last public.messages;
begin
    if keyed.id is not null then
        q := history.question_of_key(keyed);
        decision := case when q.current is not true then 'deleted' end;
        if q.conversation_id <> c.id then
            q := null;
        end if;
    elsif history.is_deleted(history.derived_id('request', key)) then
        decision := 'deleted';
    else
        known := history.question_known(c, target, said, anew, key is null);
        q := known.q;
        decision := known.decision;
    end if;
    if q.id is null and decision is null and history.was_deleted(c.id, said ->> 'id') then
        decision := 'deleted';
    end if;
    if q.id is not null or decision is not null then
        return;
    end if;
    stand := history.standing(c.tenant_id, c.id, earlier || jsonb_build_array(said || '{"role": "user"}'));
    missing := stand.missing - -1; -- without the new one
    place := coalesce(stand.place, 9223372036854775807);
    if stand.place is null and (anew or earlier <> '[]') then
        last := history.last_question(c.tenant_id, c.id);
        if anew and not history.is_edit(last, said) then
            q := last;
        elsif last.id is not null then
            decision := 'elsewhere';
        end if;
    end if;
end $$;
