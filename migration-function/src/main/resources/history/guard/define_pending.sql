-- Defines functions for the rows of pending conversations; without arrays they return nothing.
create or replace function history.define_pending(exist boolean) returns void
language plpgsql set search_path = pg_catalog, pg_temp
as $$
begin
    if exist then
        create or replace function history.pending_messages(tenant uuid, conversation uuid)
        returns setof public.messages language sql stable set search_path = pg_catalog, pg_temp as
        'select e.id, c.tenant_id, c.id, c.user_id, e.seq, e.role, e.content, e.metadata, e.created_at,
             ''completed'', true, null::uuid, null::timestamptz, null, null, null, null, null::integer, null::integer, history.parts_of(e.metadata)
         from public.conversations c
         cross join lateral history.elements(c.messages, c.id, coalesce(c.created_at, c.updated_at, now())) e
         where c.tenant_id = tenant and c.id = conversation and c.last_seq is null and e.reason is null
             and e.seq > coalesce((
                 select max(m.seq) from public.messages m where m.tenant_id = tenant and m.conversation_id = conversation), 0)';
        create or replace function history.pending_count(tenant uuid, conversation uuid)
        returns integer language sql stable set search_path = pg_catalog, pg_temp as
        'select count(*)::integer
         from public.conversations c
         cross join lateral history.elements(c.messages, c.id, c.created_at) e
         where c.tenant_id = tenant and c.id = conversation and c.last_seq is null and e.reason is null';
    else
        create or replace function history.pending_messages(tenant uuid, conversation uuid)
        returns setof public.messages language sql stable set search_path = pg_catalog, pg_temp as
        'select m.* from public.messages m where false';
        create or replace function history.pending_count(tenant uuid, conversation uuid)
        returns integer language sql immutable set search_path = pg_catalog, pg_temp as 'select 0';
    end if;
    drop function if exists history.converted_to(uuid); -- of the first version
    revoke execute on all functions in schema history from public;
end $$;
