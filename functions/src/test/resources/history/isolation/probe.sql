-- What the probes need: a role that logs in as PostgREST's does, a message of Ada and of Bob with a known id, and a look
-- at somebody's rows that no policy stands in the way of.
do $$
begin
    if not exists (select from pg_roles where rolname = 'isolation_authenticator') then
        create role isolation_authenticator login noinherit;
    end if;
    grant anon, authenticated, service_role to isolation_authenticator;
end $$;

insert into public.messages (id, tenant_id, conversation_id, user_id, role, content) values
    ('00000000-0000-4000-8000-0000000000a9', '00000000-0000-4000-8000-0000000000a0',
     '00000000-0000-4000-8000-0000000000aa', '00000000-0000-4000-8000-0000000000a1', 'user', 'secret of Ada'),
    ('00000000-0000-4000-8000-0000000000b9', '00000000-0000-4000-8000-0000000000b0',
     '00000000-0000-4000-8000-0000000000bb', '00000000-0000-4000-8000-0000000000b1', 'user', 'secret of Bob');

-- What release_batch leaves: a place before the first.
set search_path = history_maintenance, pg_temp;
insert into public.messages (tenant_id, conversation_id, user_id, seq, role, content) values
    ('00000000-0000-4000-8000-0000000000b0', '00000000-0000-4000-8000-0000000000bb',
     '00000000-0000-4000-8000-0000000000b1', 0, 'user', 'secret of Bob');
-- An answer that another one has replaced counts as usage, and is shown to nobody.
insert into public.messages (tenant_id, conversation_id, user_id, seq, role, content, current)
select c.tenant_id, c.id, c.user_id, 99, 'assistant', 'secret', false from public.conversations c
where c.id in ('00000000-0000-4000-8000-0000000000aa', '00000000-0000-4000-8000-0000000000bb');
update public.messages set reply_to = id where id in ('00000000-0000-4000-8000-0000000000a9', '00000000-0000-4000-8000-0000000000b9');
reset search_path;

-- Known, so that the table can name derived ids.
update history.secret set value = '\x00';

create schema isolation;
grant usage on schema isolation to public;
create function isolation.digest(owner uuid, conversation uuid) returns text
language sql stable security definer set search_path = ''
as $$
    select pg_catalog.md5(pg_catalog.string_agg(line, ';' order by line)) from (
        select c::text as line from public.conversations c where c.user_id = owner or c.id = conversation
        union all
        select m::text from public.messages m where m.user_id = owner or m.conversation_id = conversation
        union all
        select q::text from history.quarantine q where q.conversation_id = conversation) lines
$$;

-- A condition that passes on what it is shown.
create function isolation.told(words text) returns boolean language plpgsql cost 0.0001
as $$ begin raise notice '%', words; return false; end $$;
