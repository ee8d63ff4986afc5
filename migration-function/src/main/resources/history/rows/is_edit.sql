-- Whether a question that is sent again has another text or other parts. Called by the functions of a turn.
create or replace function history.is_edit(q public.messages, said jsonb) returns boolean
language sql immutable set search_path = pg_catalog, pg_temp
as $$
    select q.id is not null and said is not null
        and (said ->> 'content' <> q.content or history.sent_parts(said) is distinct from q.parts)
$$;
