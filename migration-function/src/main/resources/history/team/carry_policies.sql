-- Carries the team's policies over to conversations and messages. A restrictive one lets the migration itself pass. On messages it
-- checks tenant and user if it uses nothing else, otherwise the conversation. A role that may read conversations by a policy of its
-- own may read their messages. Out: the policies as they are now. Called by expand, which has locked both tables.
create or replace function history.carry_policies() returns text[]
language plpgsql set search_path = pg_catalog, pg_temp
as $$
declare
    at_work constant text := (
        select w.condition from history.wanted_policies('expanded') w
        where w.relation = 'public.conversations' and w.name = 'maintenance');
    its_conversation constant text := 'exists (select from public.conversations where conversations.tenant_id = messages.tenant_id '
        'and conversations.id = messages.conversation_id';
    p record;
begin
    for p in
        select o.polname, o.polpermissive, o.polcmd in ('r', '*') as reads, c.qual, c.with_check, format('to %s', (
                select string_agg(case r when 0 then 'public' else r::regrole::text end, ', ') from unnest(o.polroles) r)) as grantees,
            case o.polcmd when 'r' then 'select' when 'a' then 'insert' when 'w' then 'update' when 'd' then 'delete' else 'all' end as command,
            concat(c.qual, c.with_check) !~ '\mconversations\.\*' and not exists (
                select from pg_depend d join pg_attribute a on a.attrelid = d.refobjid and a.attnum = d.refobjsubid
                where d.classid = 'pg_policy'::regclass and d.objid = o.oid and d.refclassid = 'pg_class'::regclass
                    and d.refobjid = o.polrelid and a.attname not in ('tenant_id', 'user_id')) as by_tenant_and_user
        from pg_policy o
        cross join lateral (select pg_get_expr(o.polqual, o.polrelid), pg_get_expr(o.polwithcheck, o.polrelid)) c(qual, with_check)
        where o.polrelid = 'public.conversations'::regclass
    loop
        if not p.polpermissive then
            execute format('alter policy %I on public.conversations', p.polname) || coalesce(' using (' || at_work || ' or (' || p.qual || '))', '')
                || coalesce(' with check (' || at_work || ' or (' || p.with_check || '))', '');
            execute format('create policy %I on public.messages as restrictive for %s %s', p.polname, p.command, p.grantees)
                || coalesce(' using (' || at_work || ' or (' || case when p.by_tenant_and_user
                    then regexp_replace(p.qual, '\mconversations\.', 'messages.', 'g')
                    else its_conversation || ' and (' || p.qual || '))' end || '))', '')
                || coalesce(' with check (' || at_work || ' or (' || case when p.by_tenant_and_user
                    then regexp_replace(p.with_check, '\mconversations\.', 'messages.', 'g')
                    else its_conversation || ' and (' || p.with_check || '))' end || '))', '');
        elsif p.reads then
            execute format('create policy %I on public.messages for select %s using (%s))', p.polname, p.grantees, its_conversation);
        end if;
    end loop;
    return array(select o::text from pg_policies o where o.schemaname = 'public' and o.tablename in ('conversations', 'messages'));
end $$;
