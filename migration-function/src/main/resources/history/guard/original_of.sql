-- What expand replaces and a rollback restores, as statements.
create or replace function history.original_of(relation regclass) returns jsonb
language plpgsql set search_path = pg_catalog, pg_temp
as $$
begin
    return jsonb_build_object(
        'policies', (
            select coalesce(jsonb_agg(format('create policy %I on public.chat_sessions as %s for %s to %s %s %s',
                p.policyname, p.permissive, p.cmd,
                (select string_agg(case when r = 'public' then 'public' else quote_ident(r) end, ', ') from unnest(p.roles) r),
                'using (' || p.qual || ')', 'with check (' || p.with_check || ')') order by p.policyname), '[]')
            from pg_catalog.pg_policies p
            join pg_catalog.pg_class c on c.oid = relation and c.relname = p.tablename
            join pg_catalog.pg_namespace n on n.oid = c.relnamespace and n.nspname = p.schemaname),
        'triggers', (
            select coalesce(jsonb_agg(jsonb_build_object('name', t.tgname, 'definition', pg_get_triggerdef(t.oid))), '[]')
            from pg_catalog.pg_trigger t join pg_catalog.pg_proc f on f.oid = t.tgfoid
            where t.tgrelid = relation and not t.tgisinternal
                and (t.tgname ~ 'updated_at' or f.proname in ('handle_updated_at', 'update_updated_at_column'))),
        'secured', (select c.relrowsecurity from pg_catalog.pg_class c where c.oid = relation),
        'forced', (select c.relforcerowsecurity from pg_catalog.pg_class c where c.oid = relation),
        'title_default', (
            select pg_get_expr(d.adbin, d.adrelid) from pg_catalog.pg_attrdef d
            join pg_catalog.pg_attribute a on a.attrelid = d.adrelid and a.attnum = d.adnum
            where d.adrelid = relation and a.attname = 'title'),
        'acl', (
            select coalesce(jsonb_agg(format('grant %s on public.chat_sessions to %s%s', a.privilege_type,
                case when a.grantee = 0 then 'public' else quote_ident(pg_get_userbyid(a.grantee)) end,
                case when a.is_grantable then ' with grant option' else '' end)), '[]')
            from pg_catalog.pg_class c cross join lateral aclexplode(c.relacl) a
            where c.oid = relation and a.grantee <> c.relowner));
end $$;
