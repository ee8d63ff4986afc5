-- Whether an id may be that of an element of another conversation, which element_id makes of what everybody can know: it begins
-- like the conversation. Without this, who knows a conversation's id could take the ids that its elements are going to get.
create or replace function history.is_reserved(id uuid, own_conversation uuid) returns boolean
language plpgsql stable set search_path = history_maintenance, pg_temp
as $$
declare
    beginning text := left(id::text, 13);
begin
    return substr(id::text, 15, 1) = '8' and exists (
        select from public.conversations c
        where c.id between (beginning || '-0000-0000-000000000000')::uuid and (beginning || '-ffff-ffff-ffffffffffff')::uuid
            and c.id <> own_conversation);
end $$;
