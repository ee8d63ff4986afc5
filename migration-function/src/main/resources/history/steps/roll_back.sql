-- Back to chat_sessions. The array was kept right all the time, so this is a rename.
create or replace function history.roll_back() returns text
language plpgsql set search_path = history_maintenance, pg_temp
as $$
declare
    was jsonb := (select original from history.state);
    each record;
    statement text;
begin
    if current_user <> history.owner() then
        raise exception 'Only the owner of schema history goes back: set role %; then call this again.', history.owner();
    end if;
    if (select phase from history.state) = 'complete' then
        raise exception 'The migration is complete: the old arrays are gone, and there is nothing to go back to.';
    elsif (select phase from history.state) = 'prepared' then
        return 'nothing to roll back';
    end if;
    lock table public.conversations, public.messages in access exclusive mode;
    perform history.use_edition('none');
    drop view public.chat_sessions;
    for each in
        select t.tgname, t.tgrelid::regclass as relation from pg_catalog.pg_trigger t
        where t.tgrelid in ('public.conversations'::regclass, 'public.messages'::regclass) and t.tgname ~ '^history_'
    loop
        execute format('drop trigger %I on %s', each.tgname, each.relation);
    end loop;
    alter table public.conversations
        drop constraint if exists history_filled_title,
        drop constraint if exists history_filled_last_seq,
        drop constraint if exists history_filled_message_count,
        alter column title drop not null;
    update public.conversations c
    set title = case when r.was ? 'title' and c.title = r.became ->> 'title' then r.was ->> 'title' else c.title end,
        metadata = case when r.was ? 'metadata' and c.metadata = r.became -> 'metadata' then null else c.metadata end,
        created_at = case when r.was ? 'created_at' then null else c.created_at end,
        updated_at = case when r.was ? 'updated_at' and c.updated_at = (r.became ->> 'updated_at')::timestamptz then null
            else c.updated_at end
    from history.remembered r where r.conversation_id = c.id;

    drop function if exists history.pending_messages(uuid, uuid);
    drop function if exists history.pending_count(uuid, uuid);
    if was ? 'published_conversations' then
        alter publication supabase_realtime drop table public.conversations;
    end if;
    alter table history.quarantine drop constraint if exists quarantine_conversation_fkey;
    drop table public.messages;
    drop index if exists public.conversations_tenant_id_user_id_updated_at_id_idx;
    drop index if exists public.conversations_tenant_id_updated_at_id_idx;
    alter table public.conversations
        drop constraint conversations_tenant_id_id_key,
        drop column last_seq,
        drop column message_count,
        drop column request_hash;
    for each in select p.policyname from pg_catalog.pg_policies p where p.schemaname = 'public' and p.tablename = 'conversations' loop
        execute format('drop policy %I on public.conversations', each.policyname);
    end loop;
    alter table public.conversations no force row level security;
    alter table public.conversations rename to chat_sessions;
    if was ->> 'forced' = 'true' then
        alter table public.chat_sessions force row level security;
    end if;
    if was ->> 'secured' = 'false' then
        alter table public.chat_sessions disable row level security;
    end if;
    execute format('alter table public.chat_sessions alter column title %s',
        coalesce('set default ' || (was ->> 'title_default'), 'drop default'));
    if was ? 'acl' then
        revoke all on public.chat_sessions from public, anon, authenticated, service_role, history_functions;
    end if;
    for statement in
        select value from jsonb_array_elements_text(was -> 'policies')
        union all select replace(t ->> 'definition', ' ON public.conversations ', ' ON public.chat_sessions ')
            from jsonb_array_elements(was -> 'triggers') t
        union all select value from jsonb_array_elements_text(was -> 'acl')
        union all select 'revoke ' || value from jsonb_array_elements_text(was -> 'ungranted') -- what the first version remembered
    loop
        execute statement;
    end loop;
    perform history.use_edition('arrays');
    perform history.guard('prepared');
    delete from history.quarantine;
    delete from history.remembered;
    delete from history.progress;
    update history.state set original = '{}', fresh = false, backfilled_to = '00000000-0000-0000-0000-000000000000';
    perform history.enter('prepared');
    return 'chat_sessions is back';
end $$;
