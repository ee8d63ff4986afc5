-- One commit of a conversation that is too large for one: its next slice, or in the end what is left. To unpack the array for each would
-- take longer than they do, so a cursor of the session keeps the slices from one commit to the next. Each names the version of the array
-- that it was taken from, and its place: if another one is wanted, since somebody has written or a commit failed, it is opened again.
-- The version is where the array is stored, which never changes in place, so a write to other columns keeps it; before PostgreSQL 17,
-- and for an array that is stored in the row, it is the version of the row.
create or replace function history.backfill_slice(
    conversation uuid, max_bytes bigint, max_slice bigint, out elements bigint, out more boolean)
language plpgsql set search_path = history_maintenance, pg_temp
as $$
declare
    version text;
    done bigint;
    slices constant refcursor := 'history_slices';
    place text;
    slice jsonb;
begin
    elements := 0;
    more := false;
    select format('%s %s %s ', p.id, p.xmin, p.ctid) into version
    from public.conversations p
    where p.id = conversation and p.last_seq is null for no key update skip locked;
    if not found then
        return;
    end if;
    if to_regproc('pg_column_toast_chunk_id') is not null then
        execute $stored$ select coalesce(p.id || ' ' || pg_column_toast_chunk_id(p.messages) || ' ', $2)
            from public.conversations p where p.id = $1 $stored$ into version using conversation, version;
    end if;
    done := coalesce((select p.converted from history.progress p where p.conversation_id = conversation), 0);
    loop
        if exists (select from pg_cursors o where o.name = 'history_slices') then
            fetch slices into place, slice;
            exit when place = version || done;
            close slices;
        end if;
        -- The last row has no slice.
        execute $declare$
            declare history_slices no scroll cursor with hold for
            select $2 || g.done, case when g.done + s.size < s.length then history.slice(s.list, g.done + 1, g.done + s.size) end
            from (
                select l.list, l.length, greatest(1, least($5, $4 * l.length / greatest(1, pg_column_size(l.list)))) as size
                from (
                    select u.list, jsonb_array_length(u.list) as length
                    from (
                        select history.list_of(w.unpacked) as list
                        from (select p.messages #> '{}' as unpacked from public.conversations p where p.id = $1 offset 0) w
                        offset 0
                    ) u
                ) l
                offset 0
            ) s
            cross join lateral generate_series($3, greatest($3, s.length - 1), s.size) g(done)
        $declare$ using conversation, version, done, max_bytes, max_slice;
    end loop;
    if slice is null then
        close slices;
        elements := (select v.elements from history.convert(array[conversation]) v);
        return;
    end if;
    elements := (select v.elements from history.convert(array[conversation], slice) v);
    more := true;
    insert into history.progress as p values (conversation, done + elements)
    on conflict (conversation_id) do update set converted = excluded.converted;
end $$;
