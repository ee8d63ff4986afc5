-- Everything there is of this migration's objects, a line each: schema history, and what it made or changed in public.
with relation as (
    select c.*, c.oid::regclass::text as name from pg_class c
    where c.relnamespace = 'history'::regnamespace and c.relkind in ('r', 'p', 'v', 'm', 'S', 'c')
        or c.oid in (to_regclass('public.conversations'), to_regclass('public.messages'), to_regclass('public.chat_sessions'),
            to_regclass('public.tenants'), to_regclass('public.tenant_users'))
), helper as (
    select p.*, p.oid::regprocedure::text as name from pg_proc p where p.pronamespace = 'history'::regnamespace
), granted(object, privileges, owner) as (
    select name, coalesce(relacl, acldefault(case relkind when 'S' then 's' else 'r' end::"char", relowner)), relowner
    from relation where relkind <> 'c'
    union all select r.name || '.' || a.attname, a.attacl, r.relowner from relation r
        join pg_attribute a on a.attrelid = r.oid and a.attacl is not null and not a.attisdropped
    union all select name, coalesce(proacl, acldefault('f', proowner)), proowner from helper
    union all select 'schema history', coalesce(nspacl, acldefault('n', nspowner)), nspowner
        from pg_namespace where nspname = 'history'
), line(text) as (
    select format('relation %s kind %s owner %s secured %s forced %s options %s identity %s %s', name, relkind, relowner::regrole,
        relrowsecurity, relforcerowsecurity, reloptions, relreplident,
        case when relkind in ('v', 'm') then pg_get_viewdef(oid) end)
    from relation
    union all select format('column %s.%s place %s %s not null %s default %s generated %s identity %s statistics %s %s', r.name, a.attname,
        row_number() over (partition by r.oid order by a.attnum), format_type(a.atttypid, a.atttypmod), a.attnotnull,
        pg_get_expr(d.adbin, d.adrelid), a.attgenerated, a.attidentity, a.attstattarget, a.attoptions)
    from relation r join pg_attribute a on a.attrelid = r.oid and a.attnum > 0 and not a.attisdropped
    left join pg_attrdef d on d.adrelid = r.oid and d.adnum = a.attnum
    -- A restored check of a varchar against a list is written in another way than one that was never dumped.
    union all select format('constraint %s of %s %s validated %s', k.conname, r.name,
        regexp_replace(regexp_replace(pg_get_constraintdef(k.oid), '\(ARRAY\[([^]]*)\]\)::text\[\]', 'ARRAY[\1]'),
            '\((''[^'']*''::character varying)\)::text', '\1', 'g'), k.convalidated)
    from relation r join pg_constraint k on k.conrelid = r.oid
    union all select format('index %s valid %s', pg_get_indexdef(i.indexrelid), i.indisvalid)
    from relation r join pg_index i on i.indrelid = r.oid
    union all select format('trigger %s enabled %s', pg_get_triggerdef(t.oid), t.tgenabled)
    from relation r join pg_trigger t on t.tgrelid = r.oid and not t.tgisinternal
    union all select format('rule %s enabled %s', pg_get_ruledef(u.oid), u.ev_enabled)
    from relation r join pg_rewrite u on u.ev_class = r.oid and u.rulename <> '_RETURN'
    union all select format('policy %s of %s %s for %s to %s using %s check %s', p.polname, r.name,
        case when p.polpermissive then 'permissive' else 'restrictive' end, p.polcmd,
        array(select case o when 0 then 'public' else o::regrole::text end from unnest(p.polroles) o order by 1),
        pg_get_expr(p.polqual, p.polrelid), pg_get_expr(p.polwithcheck, p.polrelid))
    from relation r join pg_policy p on p.polrelid = r.oid
    union all select format('grant %s on %s to %s by %s%s', lower(a.privilege_type), g.object,
        case a.grantee when 0 then 'public' else a.grantee::regrole::text end, a.grantor::regrole,
        case when a.is_grantable then ' with grant option' end)
    from granted g cross join aclexplode(g.privileges) a
    union all select format('function %s(%s) returns %s language %s kind %s definer %s volatility %s parallel %s strict %s set %s owner %s body %s',
        p.proname, pg_get_function_arguments(p.oid), pg_get_function_result(p.oid), l.lanname, p.prokind, p.prosecdef, p.provolatile,
        p.proparallel, p.proisstrict, p.proconfig, p.proowner::regrole, md5(coalesce(pg_get_function_sqlbody(p.oid), p.prosrc)))
    from helper p join pg_language l on l.oid = p.prolang
    union all select format('type %s owner %s kind %s base %s', t.typname, t.typowner::regrole, t.typtype,
        format_type(t.typbasetype, t.typtypmod))
    from pg_type t where t.typnamespace = 'history'::regnamespace and t.typtype in ('d', 'e', 'r')
    union all select format('schema history owner %s', nspowner::regrole) from pg_namespace where nspname = 'history'
    union all select format('comment %s: %s', o.identity, d.description)
    from pg_description d cross join pg_identify_object(d.classoid, d.objoid, d.objsubid) o
    where o.schema = 'history' and o.type <> 'index' or exists (
        select from relation r where d.classoid = 'pg_class'::regclass and d.objoid = r.oid
            or o.type in ('policy', 'trigger', 'table constraint') and o.identity like '% on ' || r.name)
    union all select format('publication %s has %s %s where %s', pubname, schemaname || '.' || tablename, attnames, rowfilter)
    from pg_publication_tables where schemaname || '.' || tablename in (select name from relation)
    union all select format('statistics %s', pg_get_statisticsobjdef(s.oid))
    from relation r join pg_statistic_ext s on s.stxrelid = r.oid
)
select text from line order by text collate "C"
