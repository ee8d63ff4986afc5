-- The policies of tenant_users that recurse: they read tenant_users, directly or through the policies of other tables. mend rewrites a
-- known form with the same meaning; finding and remedy are for a person, if the form is unknown. A policy for members is known for
-- reading only: for writing it would let a viewer become an admin. Called by repair_membership_policies; preflight runs its body.
create or replace function history.membership_policies() returns table (blocks boolean, finding text, remedy text, mend text)
language sql stable set search_path = pg_catalog, pg_temp
as $$
    with recursive leads_back as (
        select to_regclass('public.tenant_users')::oid as relation
        union
        select r.reader
        from leads_back b join (
            select p.polrelid as reader, d.refobjid as relation
            from pg_policy p join pg_class c on c.oid = p.polrelid and c.relrowsecurity
            join pg_depend d on d.classid = 'pg_policy'::regclass and d.objid = p.oid and d.refclassid = 'pg_class'::regclass
            union all
            select v.oid, d.refobjid
            from pg_class v join pg_rewrite w on w.ev_class = v.oid and v.reloptions::text ~ 'security_invoker=(true|on|yes|1)'
            join pg_depend d on d.classid = 'pg_rewrite'::regclass and d.objid = w.oid and d.refclassid = 'pg_class'::regclass
        ) r on r.relation = b.relation
    ), part as (
        select v.*, e.clause, e.expression, e.expression ~ 'public\.tenant_users\M' as direct,
            exists (select from pg_depend d join leads_back b on b.relation = d.refobjid and b.relation <> p.polrelid
                where d.classid = 'pg_policy'::regclass and d.objid = p.oid and d.refclassid = 'pg_class'::regclass) as chained,
            -- Normalises the spellings: m is a row of tenant_users, U that it is the caller's, T of this tenant, R an admin's.
            replace(replace(replace(replace(replace(replace(replace(replace(replace(regexp_replace(regexp_replace(
                regexp_replace(e.expression, '\s+', ' ', 'g'), 'FROM public\.tenant_users( \w+)?', 'FROM m'),
                '\m' || coalesce(substring(e.expression from 'FROM public\.tenant_users (\w+)'), 'm') || '\.', 'm.', 'g'),
                '( SELECT auth.uid() AS uid)', 'auth.uid()'), '(auth.uid() = m.user_id)', 'U'), '(m.user_id = auth.uid())', 'U'),
                '(m.tenant_id = tenant_users.tenant_id)', 'T'), '(tenant_users.tenant_id = m.tenant_id)', 'T'),
                '((m.role)::text = ''admin''::text)', 'R'), '(m.role = ''admin''::text)', 'R'),
                '((auth.uid() = user_id) OR ', '(own OR '), '((user_id = auth.uid()) OR ', '(own OR ') as form
        from pg_policy p join pg_class c on c.oid = p.polrelid and c.relrowsecurity
        join pg_policies v on v.schemaname = 'public' and v.tablename = 'tenant_users' and v.policyname = p.polname
        cross join lateral (values ('using', v.qual), ('with check', v.with_check)) e(clause, expression)
        where p.polrelid = to_regclass('public.tenant_users') and e.expression is not null
    ), policy as (
        select p.policyname, p.permissive, bool_and(not p.chained and (p.roles in ('{public}', '{authenticated}'))
                and (p.cmd = 'SELECT' or p.form ~ '\yR\y' and p.form !~ '^\(own') and regexp_replace(p.form, ' AND R|R AND ', '')
                ~ ('^(\(own OR )?\((tenant_id (IN \(|= ANY \(ARRAY\() SELECT m\.tenant_id FROM m WHERE \(?U\)?\)+|EXISTS \( SELECT( 1)? '
                || 'FROM m WHERE \((T AND U|U AND T)\)\)|auth\.uid\(\) IN \( SELECT m\.user_id FROM m WHERE \(?T\)?\))\)+$')
                or not p.direct and not p.chained) as known,
            string_agg(format('%s (%stenant_id = any (array(select history.%s())))', p.clause,
                case when p.form ~ '^\(own' then 'user_id = auth.uid() or ' end,
                case when p.form ~ '\yR\y' then 'my_admin_tenants' else 'my_tenants' end), ' ') filter (where p.direct) as mend,
            format('create policy %I on public.tenant_users as %s for %s to %s ', p.policyname, lower(p.permissive), lower(p.cmd),
                (select string_agg(quote_ident(r), ', ') from unnest(p.roles) r))
                || string_agg(format('%s (%s)', p.clause, p.expression), ' ') as statement,
            string_agg(p.clause || ' (false)', ' ') as nobody
        from part p group by p.policyname, p.permissive, p.cmd, p.roles having bool_or(p.direct or p.chained)
    )
    select not p.known as blocks,
        case when not p.known then 'A policy of tenant_users recurses in a way that is not known: ' || p.statement end as finding,
        case when not p.known then 'It fails for everybody. Take it away, and after migrate write it with history.my_tenants() or '
            'history.my_admin_tenants(): ' || case when p.permissive = 'PERMISSIVE'
                then format('drop policy %I on public.tenant_users;', p.policyname)
            else format('alter policy %I on public.tenant_users %s;', p.policyname, p.nobody) end end as remedy,
        case when p.known then format('alter policy %I on public.tenant_users to authenticated %s', p.policyname, p.mend) end as mend
    from policy p
$$;
