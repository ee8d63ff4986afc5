-- Applies a replaced array to the rows: removes, changes and adds rows, except those that the API wrote. whole: the column itself,
-- if it holds no array; api: as in written_by_api. Out: the new last_seq. Called by array_rewritten, which has the lock.
create or replace function history.rewrite(
    tenant uuid, conversation uuid, owner uuid, otherwise timestamptz, last_seq bigint, was jsonb, becomes jsonb, whole jsonb,
    api text[])
returns bigint
language plpgsql set search_path = history_maintenance, pg_temp
as $$
declare
    seqs bigint[];
    written_by_api text[];
    old_elements jsonb[];
    new_elements jsonb[];
    same_before integer;
    same_after integer := 0;
    length integer;
    added integer;
begin
    select p.seqs, p.ids into seqs, written_by_api from history.places(tenant, conversation, api) p;
    select coalesce(array_agg(o.seq order by o.k), '{}'), coalesce(array_agg(o.value order by o.k), '{}') into seqs, old_elements
    from rows from (jsonb_array_elements(was), unnest(seqs), unnest(written_by_api)) with ordinality o(value, seq, id, k)
    where o.id is null and o.value is not null;
    new_elements := array(
        select n.value
        from (
            select e.value, e.k, row_number() over (partition by e.value ->> 'id' order by e.k) as nth
            from jsonb_array_elements(becomes) with ordinality e(value, k)
        ) n
        where (n.nth = 1 and n.value ->> 'id' in (select w.id from unnest(written_by_api) w(id) where w.id is not null)) is not true
        order by n.k);
    if whole is not null then
        perform history.remove(tenant, conversation, seqs);
        perform history.put(tenant, conversation, owner, otherwise, whole, 0, null);
        return last_seq;
    end if;
    if seqs[1] = 0 and new_elements[1] is distinct from old_elements[1] then
        perform history.remove(tenant, conversation, array[0]);
        seqs := seqs[2:];
        old_elements := old_elements[2:];
    end if;
    length := cardinality(old_elements);
    added := cardinality(new_elements) - length;
    if added < 0 then
        select coalesce(min(u.i) - 1, length) into same_before
        from unnest(old_elements, new_elements) with ordinality u(o, n, i) where u.o is distinct from u.n;
        select length + added - coalesce(max(u.i), 0) into same_after
        from unnest(old_elements[1 - added:], new_elements) with ordinality u(o, n, i) where u.o is distinct from u.n;
        same_after := least(same_after, length + added - same_before);
        perform history.remove(tenant, conversation, seqs[length + added - same_after + 1 : length - same_after]);
        old_elements := old_elements[:length + added - same_after] || old_elements[length - same_after + 1:];
        seqs := seqs[:length + added - same_after] || seqs[length - same_after + 1:];
    end if;
    seqs := seqs || array(select generate_series(last_seq + 1, last_seq + added));
    perform history.put_changed(tenant, conversation, owner, otherwise, old_elements, new_elements, seqs);
    return last_seq + greatest(added, 0);
end $$;
