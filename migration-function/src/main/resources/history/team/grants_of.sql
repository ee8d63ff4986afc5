-- The rights of others than the owner on a relation or its columns, and the statements that grant them on chat_sessions.
create or replace function history.grants_of(relation regclass)
returns table (grantee text, privilege text, attname name, is_grantable boolean, statement text)
language sql stable set search_path = pg_catalog, pg_temp
as $$
    select g.name, a.privilege_type, a.attname, a.is_grantable, format('grant %s%s on public.chat_sessions to %s%s', a.privilege_type,
        '(' || quote_ident(a.attname) || ')', g.name, case when a.is_grantable then ' with grant option' else '' end)
    from pg_class c
    cross join lateral (
        select acl.*, null::name as attname from aclexplode(c.relacl) acl
        union all
        select acl.*, t.attname from pg_attribute t cross join lateral aclexplode(t.attacl) acl
        where t.attrelid = c.oid and t.attacl is not null and t.attnum > 0 and not t.attisdropped
    ) a
    cross join lateral (select case a.grantee when 0 then 'public' else a.grantee::regrole::text end) g(name)
    where c.oid = relation and a.grantee <> c.relowner
$$;
