-- Fills the columns of turns from the metadata of messages, in whole conversations that the caller has locked. An entry of previous
-- becomes a row that is not current, and so does each further key of a request. Metadata stays as it is: the release before reads
-- it, and arrays are made from it. Called by convert; for the rows of an earlier version by upgrade_2 and the first turn.
create or replace function history.take_over(ids uuid[]) returns void
language plpgsql set search_path = history_maintenance, pg_temp
as $$
declare
    told record;
    turn record;
begin
    for told in
        select t.tenant_id, t.conversation_id, t.user_id, t.id, t.seq, t.role, t.metadata, t.created_at
        from public.conversations c join public.messages t on t.tenant_id = c.tenant_id and t.conversation_id = c.id
        where c.id = any (ids) and t.current and (t.metadata ?| history.turn_keys() or t.metadata -> 'legacy' ? 'parts')
        order by t.conversation_id, t.seq
    loop
        turn := history.turn_of(told.metadata);
        turn.reply_to := history.question_meant(told.tenant_id, told.conversation_id, told.seq, turn.reply_to);
        update public.messages t
        set status = turn.status, reply_to = turn.reply_to, lease_until = turn.lease_until, client_id = turn.client_id,
            request_key = turn.request_key, request_hash = turn.request_hash, model = turn.model,
            input_tokens = turn.input_tokens, output_tokens = turn.output_tokens, parts = coalesce(t.parts, history.parts_of(told.metadata))
        where t.tenant_id = told.tenant_id and t.id = told.id;
        continue when not told.metadata ?| array['previous', 'requests'];
        insert into public.messages as t (id, tenant_id, conversation_id, user_id, seq, role, content, metadata, created_at,
            status, current, reply_to, request_key, request_hash)
        select history.uuid_of(sha256(uuid_send(told.id) || int8send(v.place))),
            told.tenant_id, told.conversation_id, told.user_id,
            (select max(l.seq) from public.messages l where l.tenant_id = told.tenant_id and l.conversation_id = told.conversation_id)
                + v.place,
            told.role, coalesce(v.version ->> 'content', ''), jsonb_build_object('version_of', told.id),
            coalesce(history.element_time(v.version -> 'created_at'), told.created_at),
            was.status, false, turn.reply_to, v.key, v.hash
        from (
            select row_number() over () as place, p.version, r.key, r.hash
            from (
                select e.value as version, e.place from jsonb_array_elements(
                    case when jsonb_typeof(told.metadata -> 'previous') = 'array' then told.metadata -> 'previous' else '[]' end)
                    with ordinality e(value, place)
            ) p
            full join (
                select e.key, e.value as hash, row_number() over () as place
                from jsonb_each_text(history.object_of(told.metadata -> 'requests')) e
                where octet_length(e.key) <= 255 and e.key <> turn.request_key
            ) r on r.place = p.place
        ) v
        cross join lateral history.turn_of(case when v.version is null then told.metadata else v.version end) was
        on conflict do nothing;
    end loop;
    perform history.restore_replaced(ids);
    update public.conversations c
    set last_seq = l.last_seq, last_message_at = l.newest,
        revision = coalesce(c.revision + (c.revision = l.version and (c.archived or c.labels <> '{}' or l.differs))::integer, l.version)
    from (
        select o.id, history.version_of(o.updated_at) as version, -- an array's, which does not show what differs
            coalesce(bool_or(m.current and m.status <> 'completed'), false) as differs,
            greatest(max(o.last_seq), max(m.seq)) as last_seq, max(m.created_at) filter (where m.current) as newest
        from public.conversations o left join public.messages m on m.tenant_id = o.tenant_id and m.conversation_id = o.id
        where o.id = any (ids) group by o.tenant_id, o.id
    ) l
    where c.id = l.id;
end $$;
