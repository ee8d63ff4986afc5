-- Whether an id is that of an element which another conversation has or will have soon. element_id derives it from the conversation's
-- id, so whoever knows that id could otherwise take it first and block the owner's next write. Others learn nothing from this.
-- Without arrays nothing is reserved.
create or replace function history.is_reserved(id uuid, own_conversation uuid) returns boolean
language plpgsql stable set search_path = history_maintenance, pg_temp
as $$
declare
    beginning text := left(id::text, 13);
begin
    return (select s.phase from history.state s) in ('expanded', 'backfilled', 'migrated') and exists (
        select from public.conversations c
        cross join lateral generate_series(coalesce(c.last_seq, 0), coalesce(c.last_seq, 0) + 1000) s(seq)
        where c.id between (beginning || '-0000-0000-000000000000')::uuid and (beginning || '-ffff-ffff-ffffffffffff')::uuid
            and c.id <> own_conversation and history.element_id(c.id, s.seq) = is_reserved.id);
end $$;
