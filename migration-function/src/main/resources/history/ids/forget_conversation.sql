-- Records by what a deleted conversation must not come back: its id, and the keys of the requests that made what is in its array or what a
-- rollback has set aside of it, which goes. messages: the array, null where there are rows. Called by keep_deletion and conversation_deleted.
create or replace function history.forget_conversation(tenant uuid, owner uuid, conversation uuid, messages jsonb) returns void
language plpgsql set search_path = history_maintenance, pg_temp
as $$
begin
    with aside as (
        delete from history.replaced r
        where r.conversation_id = conversation and r.message ->> 'tenant_id' = tenant::text and r.message ->> 'user_id' = owner::text
        returning r.message
    )
    insert into history.deleted (tenant_id, user_id, id)
    select tenant, owner, conversation
    union select tenant, owner, history.uuid_of(sha256(s.value || history.hash_of_key(tenant, owner, 'request', k.key)))
    from history.secret s cross join (
        select k.name #>> '{}'
        from jsonb_path_query(history.list_of(messages), '$[*].metadata.requests ? (@.type() == "object").keyvalue().key') k(name)
        union select a.message ->> 'request_key' from aside a) k(key)
    where k.key is not null
    on conflict do nothing;
end $$;
