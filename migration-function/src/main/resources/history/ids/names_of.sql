-- By what a deleted message must not come back: its id, those of the element that it was and of the attempt that continued it, and what
-- stands for the key of its request. Called where messages are deleted.
create or replace function history.names_of(id uuid, tenant uuid, owner uuid, metadata jsonb, key text)
returns table (name uuid, is_key boolean)
language plpgsql stable set search_path = history_maintenance, pg_temp
as $$
begin
    return query
    select n.name, n.is_key
    from (
        select names_of.id, false
        union all select history.to_uuid(metadata #>> '{legacy,id}'), false
        union all select history.to_uuid(metadata #>> '{attempt,id}'), false
        union all select history.uuid_of(sha256(s.value || history.hash_of_key(tenant, owner, 'request', names_of.key))), true
        from history.secret s) n(name, is_key)
    where n.name is not null;
end $$;
