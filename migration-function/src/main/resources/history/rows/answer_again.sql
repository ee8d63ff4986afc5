-- Stores what a message brings that has its answer already: other metadata, and the key of a request that has made nothing, so that
-- another body with it is refused. sent: the question that was sent; q: the one whose answer a is; said: as in take_turn; key: null for
-- none or a known one. Out: q as it is then. Called by take_turn, which has the lock.
create or replace function history.answer_again(
    c public.conversations, sent public.messages, q public.messages, a public.messages, said jsonb, key text, key_hash text)
returns public.messages
language plpgsql set search_path = history_maintenance, pg_temp
as $$
declare
    stored constant public.messages := history.store_metadata(sent, said);
    kept constant jsonb := case when key is not null then history.object_of(a.metadata) || jsonb_build_object('requests',
        coalesce(a.metadata -> 'requests', '{}') || jsonb_build_object(key, key_hash)) end;
begin
    if key is not null then
        a.content := ''; -- which is there
        perform history.keep_key(q, a, c.last_seq + 1, key, key_hash);
        update public.messages m set metadata = kept where m.tenant_id = a.tenant_id and m.id = a.id;
    end if;
    if key is not null or stored.metadata <> sent.metadata then
        perform history.turn_written(c, c.last_seq + (key is not null)::integer, 0, '{}');
    end if;
    return case when stored.id = q.id then stored else q end;
end $$;
