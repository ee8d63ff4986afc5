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
        select c.policyname, c.permissive, c.cmd, c.qual, c.with_check,
            (select 'to ' || string_agg(quote_ident(r), ', ') from unnest(c.roles) r) as grantees,
            concat(c.qual, c.with_check) !~ '\mconversations\.\*' and not exists (
                select from pg_depend d join pg_attribute a on a.attrelid = d.refobjid and a.attnum = d.refobjsubid
                where d.classid = 'pg_policy'::regclass and d.objid = o.oid and d.refclassid = 'pg_class'::regclass
                    and d.refobjid = o.polrelid and a.attname not in ('tenant_id', 'user_id')) as by_tenant_and_user
        from pg_policy o
        join pg_policies c on c.schemaname = 'public' and c.tablename = 'conversations' and c.policyname = o.polname
        where o.polrelid = 'public.conversations'::regclass
    loop
        if p.permissive = 'RESTRICTIVE' then
            execute format('alter policy %I on public.conversations', p.policyname)
                || coalesce(' using (' || at_work || ' or (' || p.qual || '))', '')
                || coalesce(' with check (' || at_work || ' or (' || p.with_check || '))', '');
            execute format('create policy %I on public.messages as restrictive for %s %s', p.policyname, lower(p.cmd), p.grantees)
                || coalesce(' using (' || at_work || ' or (' || case when p.by_tenant_and_user
                    then regexp_replace(p.qual, '\mconversations\.', 'messages.', 'g')
                    else its_conversation || ' and (' || p.qual || '))' end || '))', '')
                || coalesce(' with check (' || at_work || ' or (' || case when p.by_tenant_and_user
                    then regexp_replace(p.with_check, '\mconversations\.', 'messages.', 'g')
                    else its_conversation || ' and (' || p.with_check || '))' end || '))', '');
        elsif p.cmd in ('SELECT', 'ALL') then
            execute format('create policy %I on public.messages for select %s using (%s))', p.policyname, p.grantees, its_conversation);
        end if;
    end loop;
    return array(select o::text from pg_policies o where o.schemaname = 'public' and o.tablename in ('conversations', 'messages'));
end $$;
