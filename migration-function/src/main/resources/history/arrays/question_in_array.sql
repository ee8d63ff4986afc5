-- As rows/question_asked and rows/answer_meant, of the messages in an array, and of those that a rollback has set aside, whose seq is below 0.
-- own: the id of the question's element; keyed: the one with the request's key, which is the answer's if the tables had the turn before they
-- were rolled back. Refuses what would change an element.
create or replace function history.question_in_array(
    c public.chat_sessions, written history.message[], own uuid, target text, inout said jsonb, earlier jsonb, anew boolean, key text,
    out q history.message, out keyed history.message, out decision text, out missing jsonb)
language plpgsql stable set search_path = pg_catalog, pg_temp
as $$
declare
    last history.message;
    stand record;
begin
    select s.* into keyed from unnest(written) s where s.metadata -> 'requests' ? key order by s.seq desc limit 1;
    if keyed.seq < 0 then
        q := history.named_in_array(written, c.id, coalesce(keyed.metadata ->> 'reply_to', keyed.id::text));
        q := history.named_in_array(written, c.id, coalesce(q.metadata ->> 'edit_of', q.id::text));
        decision := case when (q.seq > 0) is not true then 'deleted' end;
    else
        select s.* into q from unnest(written) s where s.role = 'user' and s.seq between 1 and keyed.seq order by s.seq desc limit 1;
    end if;
    if decision is not null or q.id is not null and not anew then
        said := null;
        return;
    end if;
    select s.* into last from unnest(written) s where s.role = 'user' and s.seq > 0 order by s.seq desc limit 1;
    select s.* into q from unnest(written) s where s.id = own and s.role = 'user' order by s.seq desc limit 1;
    if q.id is null then
        q := history.named_in_array(written, c.id, coalesce(target, said ->> 'id'));
    end if;
    if anew then
        decision := 'refused';
    elsif q.role <> 'user' or q.seq < 0 then
        decision := case q.role when 'user' then 'replaced' else 'not a question' end;
    elsif q.id is null and history.was_deleted(c.id, coalesce(target, said ->> 'id')) then
        decision := 'deleted';
    elsif q.id is null and target <> coalesce(said ->> 'id', '') then
        decision := 'unknown';
    elsif q.id is null and coalesce(said ->> 'id', key) is null and last.content = said ->> 'content' and last.metadata ? 'failure'
        and not last.seq < any (select s.seq from unnest(written) s)
        and last.created_at > clock_timestamp() - interval '10 minutes'
    then
        q := last;
    elsif q.id is null then
        stand := history.standing_in_array(written, c.id, earlier || jsonb_build_array(said || '{"role": "user"}'));
        missing := stand.missing - -1; -- without the new one
        decision := case
            when stand.place is null and earlier <> '[]' and last.id is not null then 'elsewhere'
            when last.seq > stand.place then 'refused' end;
    elsif q.content <> said ->> 'content' or history.parts_of(q.metadata) is distinct from history.sent_parts(said)
        or said -> 'metadata' <> 'null' and history.sent_metadata(q.metadata, said -> 'metadata') is distinct from q.metadata
            and q.seq < any (select s.seq from unnest(written) s)
    then
        decision := 'refused';
    elsif not q.metadata ?| array['attempt', 'failure', 'requests'] then -- it has never been answered on its own
        select s.* into last from unnest(written) s
        where s.role = 'user' and s.seq >= q.seq and not exists (
            select from unnest(written) n where n.role = 'assistant' and n.seq > q.seq and n.seq < s.seq)
        order by s.seq desc limit 1;
        said := case when last.id = q.id then said end;
        q := last;
    end if;
end $$;
