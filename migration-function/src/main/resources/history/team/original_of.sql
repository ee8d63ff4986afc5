-- What expand replaces or changes and a rollback restores, as statements.
create or replace function history.original_of(relation regclass) returns jsonb
language sql stable set search_path = pg_catalog, pg_temp
as $$
    with policy as (
        select p.policyname as name, s.replaced, p.permissive,
            ' using (' || p.qual || ')' as used, ' with check (' || p.with_check || ')' as checked,
            format('create policy %I on public.chat_sessions as %s for %s to %s', p.policyname, p.permissive, p.cmd,
                (select string_agg(quote_ident(r), ', ') from unnest(p.roles) r)) as made
        from pg_policies p join history.session_policies() s on s.name = p.policyname
        where p.schemaname = 'public' and p.tablename = 'chat_sessions'
    ), trigger_ as (
        select t.oid, t.tgname as name, s.replaced, jsonb_build_object(
            'name', t.tgname, 'definition', pg_get_triggerdef(t.oid), 'enabled', t.tgenabled) as was
        from pg_trigger t join history.session_triggers() s on s.name = t.tgname
        where t.tgrelid = relation and not t.tgisinternal
    )
    select jsonb_build_object(
        'policies', array(select concat(p.made, p.used, p.checked) from policy p where p.replaced),
        'altered', array(select format('alter policy %I on public.chat_sessions', p.name) || concat(p.used, p.checked)
            from policy p where not p.replaced and p.permissive = 'RESTRICTIVE'),
        'triggers', (select coalesce(jsonb_agg(t.was), '[]') from trigger_ t where t.replaced),
        'wrapped', (select coalesce(jsonb_agg(t.was), '[]') from trigger_ t where not t.replaced),
        'comments', array(
            select format('comment on policy %I on public.chat_sessions is %L', p.name, obj_description(o.oid, 'pg_policy'))
            from policy p join pg_policy o on o.polrelid = relation and o.polname = p.name
            where p.replaced and obj_description(o.oid, 'pg_policy') is not null
            union all
            select format('comment on trigger %I on public.chat_sessions is %L', t.name, obj_description(t.oid, 'pg_trigger'))
            from trigger_ t where t.replaced and obj_description(t.oid, 'pg_trigger') is not null),
        'secured', (select c.relrowsecurity from pg_class c where c.oid = relation),
        'forced', (select c.relforcerowsecurity from pg_class c where c.oid = relation),
        'title_filled', (select a.attnotnull from pg_attribute a where a.attrelid = relation and a.attname = 'title'),
        'title_default', (
            select pg_get_expr(d.adbin, d.adrelid) from pg_attrdef d
            join pg_attribute a on a.attrelid = d.adrelid and a.attnum = d.adnum
            where d.adrelid = relation and a.attname = 'title'),
        'acl', array( -- of those from whom the guard takes what is too much
            select g.statement from history.grants_of(relation) g
            where g.grantee in ('public', 'anon', 'authenticated', 'service_role', 'history_functions')))
$$;
