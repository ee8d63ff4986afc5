-- conversations, before the old application replaces an array: what changed becomes rows. Its copy may be stale, so
-- messages that the API wrote are never lost or altered by it: they keep their place and their text.
create or replace function history.array_rewritten() returns trigger
language plpgsql security definer set search_path = history_maintenance, pg_temp
as $$
declare
    otherwise timestamptz := coalesce(new.created_at, new.updated_at, now());
    was jsonb := case when jsonb_typeof(old.messages) = 'array' then old.messages
        when old.messages is null or old.messages = 'null' then '[]' else jsonb_build_array(old.messages) end;
    becomes jsonb := case when jsonb_typeof(new.messages) = 'array' then new.messages
        when new.messages is null or new.messages = 'null' then '[]' else jsonb_build_array(new.messages) end;
    length integer := jsonb_array_length(was);
    added integer := jsonb_array_length(becomes) - length;
    done bigint;
    seqs bigint[];
    written_by_api uuid[];
    old_seqs bigint[];
    old_elements jsonb[];
    new_elements jsonb[];
    same_before integer;
    same_after integer := 0;
    changed jsonb;
    changed_seqs bigint[];
begin
    if old.last_seq is null then
        select p.converted into done from history.progress p where p.conversation_id = old.id;
        if not found then
            return new; -- not begun: the backfill will read this array
        end if;
        -- Begun, and too large for one commit: only its first positions are rows, all of them from the array.
        seqs := array(select generate_series(jsonb_array_length(becomes) + 1, done));
        perform history.remove(old.tenant_id, old.id, seqs);
        done := least(done, jsonb_array_length(becomes));
        if jsonb_typeof(new.messages) is distinct from 'array' then
            delete from history.progress p where p.conversation_id = old.id;
            perform history.remove(old.tenant_id, old.id, array(select generate_series(0, done)));
            return new;
        end if;
        update history.progress p set converted = done where p.conversation_id = old.id;
        select jsonb_agg(n.value order by n.i), array_agg(n.i order by n.i) into changed, changed_seqs
        from jsonb_array_elements(history.slice(becomes, 1, done)) with ordinality n(value, i)
        join jsonb_array_elements(history.slice(was, 1, done)) with ordinality o(value, i) on o.i = n.i
        where o.value is distinct from n.value;
        perform history.put(old.tenant_id, old.id, old.user_id, otherwise, changed, 0, changed_seqs);
        return new;
    end if;

    if added > 0 and jsonb_typeof(new.messages) = 'array' and jsonb_typeof(coalesce(old.messages, '[]')) = 'array'
        and (length = 0 or history.slice(becomes, 1, length) = was)
    then
        perform history.put(
            old.tenant_id, old.id, old.user_id, otherwise,
            history.slice(becomes, length + 1, length + added), old.last_seq, null);
        new.last_seq := old.last_seq + added;
    else
        select array_agg(l.seq order by l.seq), array_agg(l.api order by l.seq) into seqs, written_by_api
        from (
            select m.seq, case when not m.metadata ? 'legacy' then m.id end as api
            from public.messages m where m.tenant_id = old.tenant_id and m.conversation_id = old.id
            union all
            select q."position", null from history.quarantine q
            where q.tenant_id = old.tenant_id and q.conversation_id = old.id
        ) l;
        select array_agg(seqs[o.k] order by o.k), array_agg(o.value order by o.k) into old_seqs, old_elements
        from jsonb_array_elements(was) with ordinality o(value, k) where written_by_api[o.k] is null;
        select array_agg(n.value order by n.k) into new_elements
        from (
            select e.value, e.k, row_number() over (partition by e.value ->> 'id' order by e.k) as nth
            from jsonb_array_elements(becomes) with ordinality e(value, k)
        ) n
        where (n.value ->> 'id' = any (array_remove(written_by_api, null)::text[]) and n.nth = 1) is not true;
        old_seqs := coalesce(old_seqs, '{}');
        old_elements := coalesce(old_elements, '{}');
        new_elements := coalesce(new_elements, '{}');

        if jsonb_typeof(new.messages) not in ('array', 'null') then
            perform history.remove(old.tenant_id, old.id, old_seqs);
            perform history.put(old.tenant_id, old.id, old.user_id, otherwise, new.messages, 0, null);
        else
            if old_seqs[1] = 0 and new_elements[1] is distinct from old_elements[1] then
                perform history.remove(old.tenant_id, old.id, array[0]);
                old_seqs := old_seqs[2:];
                old_elements := old_elements[2:];
            end if;
            length := cardinality(old_elements);
            added := cardinality(new_elements) - length;
            select coalesce(min(u.i) - 1, length) into same_before
            from unnest(old_elements, new_elements) with ordinality u(o, n, i) where u.o is distinct from u.n;
            if added < 0 then
                select length + added - coalesce(max(u.i), 0) into same_after
                from unnest(old_elements[1 - added:], new_elements) with ordinality u(o, n, i)
                where u.o is distinct from u.n;
                same_after := least(same_after, length + added - same_before);
                perform history.remove(
                    old.tenant_id, old.id, old_seqs[length + added - same_after + 1 : length - same_after]);
            end if;
            select jsonb_agg(u.n order by u.i),
                array_agg(case when u.i <= length then old_seqs[u.i] else old.last_seq + u.i - length end order by u.i)
            into changed, changed_seqs
            from unnest(old_elements, new_elements) with ordinality u(o, n, i)
            where u.i > same_before and u.i <= length + added - same_after and u.o is distinct from u.n;
            perform history.put(old.tenant_id, old.id, old.user_id, otherwise, changed, 0, changed_seqs);
            new.last_seq := old.last_seq + greatest(added, 0);
        end if;
        if array_remove(written_by_api, null) <> '{}' then
            new.messages := history.rebuilt(old.id);
        end if;
    end if;
    select count(*) into new.message_count
    from public.messages m where m.tenant_id = old.tenant_id and m.conversation_id = old.id;
    return new;
end $$;
