-- As in rows/, of chat_sessions: the caller's own only.
create or replace function history.list_conversations(
    everyone boolean, until timestamptz, until_id uuid, most integer,
    archived boolean default null, label text default null, bytes bigint default 4000000, known text[] default null)
returns setof history.conversation
language plpgsql stable set search_path = pg_catalog, pg_temp
as $$
declare
    tenant constant uuid := history.current_tenant();
    me constant uuid := history.user_id();
    c record;
begin
    if everyone or archived or label is not null then
        perform history.migration_pending('scope=tenant, archived=true or label');
    end if;
    for c in
        select s.* from public.chat_sessions s
        cross join lateral (select least(greatest(coalesce(s.updated_at, s.created_at), to_timestamp(0)),
            timestamptz '9999-12-31 23:59:59.999999+00') as place) p -- as it is shown, so that the next page begins there
        where s.tenant_id = tenant and s.user_id = me and (until is null or (p.place, s.id) < (until, until_id))
        order by p.place desc, s.id desc limit most
    loop
        return next history.shown_session(c.id, c.tenant_id, c.user_id, c.title, c.metadata, c.created_at, c.updated_at, c.messages);
    end loop;
end $$;
