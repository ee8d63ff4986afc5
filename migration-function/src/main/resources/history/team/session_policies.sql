-- The policies of chat_sessions, before expand. replaced: it has a known form, and ours do the same. Another one is carried over if it
-- widens nobody's access: a restrictive one, or one for a role that no caller has. The rest blocks.
-- Only reads. Called by expand and original_of; preflight runs its body.
create or replace function history.session_policies()
returns table (blocks boolean, finding text, remedy text, name text, replaced boolean)
language sql stable set search_path = pg_catalog, pg_temp
as $$
    with part as (
        select p.*, e.clause, e.expression, e.expression ~ 'public\.chat_sessions\M|\mchat_sessions\.\*' as recurses,
            -- Normalises the spellings: O means that the row is the caller's; m, U, T and R as in membership_policies.
            replace(replace(replace(replace(replace(replace(replace(replace(replace(regexp_replace(regexp_replace(
                regexp_replace(e.expression, '\s+', ' ', 'g'), 'FROM public\.tenant_users( (?!WHERE)\w+)?', 'FROM m'), '\m'
                || coalesce(substring(e.expression from 'FROM public\.tenant_users (?!WHERE)(\w+)'), 'tenant_users') || '\.', 'm.', 'g'),
                '( SELECT auth.uid() AS uid)', 'auth.uid()'), '(auth.uid() = m.user_id)', 'U'), '(m.user_id = auth.uid())', 'U'),
                '(m.tenant_id = chat_sessions.tenant_id)', 'T'), '(chat_sessions.tenant_id = m.tenant_id)', 'T'),
                '((m.role)::text = ''admin''::text)', 'R'), '(m.role = ''admin''::text)', 'R'),
                '(auth.uid() = user_id)', 'O'), '(user_id = auth.uid())', 'O') as form
        from pg_policies p
        left join lateral (values ('using', p.qual), ('with check', p.with_check)) e(clause, expression) on e.expression is not null
        where p.schemaname = 'public' and p.tablename = 'chat_sessions'
    ), policy as (
        select p.policyname, p.permissive = 'PERMISSIVE' as permits, coalesce(bool_or(p.recurses), false) as recurses,
            p.permissive = 'PERMISSIVE' and coalesce(bool_and(
                p.form in ('(auth.role() = ''service_role''::text)', '((auth.jwt() ->> ''role''::text) = ''service_role''::text)')
                or p.roles = '{service_role}' and p.form in ('true', '(CURRENT_USER = ''service_role''::name)')
                or (p.form ~ '\yO\y') <> (p.form ~ '\yR\y' and p.cmd = 'SELECT')
                    and regexp_replace(p.form, ' AND R|R AND ', '') ~ ('^\(*(O( AND )?)?(\((tenant_id IN \( SELECT m\.tenant_id FROM m '
                    || 'WHERE \(?U\)?\)|EXISTS \( SELECT( 1)? FROM m WHERE \((T AND U|U AND T)\)\))\))?( AND O)?\)*$')), false) as known,
            exists (select from unnest(p.roles) r where case when r = 'public' then true else exists (
                select from pg_roles c where c.rolname in ('anon', 'authenticated') and pg_has_role(c.oid, r, 'usage')) end) as for_callers,
            format('create policy %I on public.chat_sessions as %s for %s to %s ', p.policyname, lower(p.permissive), lower(p.cmd),
                (select string_agg(quote_ident(r), ', ') from unnest(p.roles) r))
                || coalesce(string_agg(p.clause || ' (' || p.expression || ')', ' '), '') as statement,
            string_agg(p.clause || ' (false)', ' ') as nobody,
            p.policyname ~ '^(own_(select|insert|update|delete)|admin_select|service_role_\w+|maintenance)$' as named_like_ours
        from part p group by p.policyname, p.permissive, p.cmd, p.roles
    )
    select v.blocks, v.words || ': ' || p.statement as finding, v.advice || case
            when v.blocks is not true then ''
            when p.verdict = 'name'
                then format('alter policy %I on public.chat_sessions rename to %I;', p.policyname, 'team_' || p.policyname)
            when p.permits then format('drop policy %I on public.chat_sessions;', p.policyname)
            else format('alter policy %I on public.chat_sessions %s;', p.policyname, p.nobody) end as remedy,
        p.policyname::text as name, p.known as replaced
    from (
        select p.*, case when p.known then 'known' when p.recurses then 'recurses' when p.permits and p.for_callers then 'allows'
            when p.named_like_ours then 'name' else 'carried' end as verdict
        from policy p) p
    left join (values
        ('recurses', true, 'A policy of chat_sessions reads the table itself, or all columns, of which there will be more',
            'Until it is written in another way: '),
        ('allows', true, 'A policy of chat_sessions allows something other than users having their own conversations, and admins reading '
            'those of their tenant', 'Take it away; make it again as restrictive, if it is to narrow that: '),
        ('name', true, 'A policy of chat_sessions has a name that the migration needs', 'Rename it: '),
        ('carried', false, 'A policy of chat_sessions will hold for conversations and their messages', 'Nothing is to be done.')
    ) v(verdict, blocks, words, advice) on v.verdict = p.verdict
$$;
