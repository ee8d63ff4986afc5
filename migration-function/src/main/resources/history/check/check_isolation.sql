-- How many rows callers see of every table with tenants' data, and how many they may see. A stranger may see nothing, a member
-- their own rows, and an admin the tenant's. Out: a row for each caller and table; seen is null where they may not read
-- it; blocks says whether the table is one of ours. Changes and locks nothing. Called by check, in one snapshot.
create or replace function history.check_isolation()
returns table (caller text, relation text, seen bigint, allowed bigint, blocks boolean)
language plpgsql set search_path = history_maintenance, pg_temp
as $$
declare
    largest record;
    each record;
begin
    select c.tenant_id, c.user_id into largest
    from public.conversations c join public.tenant_users u on u.tenant_id = c.tenant_id and u.user_id = c.user_id
    group by c.tenant_id, c.user_id order by count(*) desc limit 1;

    for each in
        with member as (
            (select 'the user with most conversations' as caller, u.* from public.tenant_users u
                where u.tenant_id = largest.tenant_id and u.user_id = largest.user_id)
            union all
            (select 'another member of the tenant', u.* from public.tenant_users u
                where u.tenant_id = largest.tenant_id and u.user_id <> largest.user_id order by u.role = 'admin' limit 1)
            union all
            (select 'a member of another tenant', u.* from public.tenant_users u where u.tenant_id <> largest.tenant_id limit 1)
        ), person as (
            select p.*, null::uuid as tenant_id, null::uuid as user_id, false as is_admin
            from (values
                ('somebody without a token', 'anon', jsonb_build_object('role', 'anon')),
                ('a made-up user of no tenant', 'authenticated', jsonb_build_object('sub', gen_random_uuid())),
                ('a made-up user whose token names the largest tenant', 'authenticated',
                    jsonb_build_object('sub', gen_random_uuid(), 'tenant_id', largest.tenant_id))) p(caller, role, claims)
            union all
            select format('%s (user %s of tenant %s)', m.caller, m.user_id, m.tenant_id), 'authenticated',
                jsonb_build_object('sub', m.user_id, 'tenant_id', m.tenant_id), m.tenant_id, m.user_id, m.role = 'admin'
            from member m
        )
        select p.*, r.relation
        from person p join (values ('public.conversations', true), ('public.messages', true), ('public.chat_sessions', true),
            ('public.tenants', false), ('public.tenant_users', false), ('history.quarantine', false), ('history.remembered', false),
            ('history.progress', false), ('history.state', false), ('history.usage', false)) r(relation, has_own) on r.has_own or p.user_id is null
        where to_regclass(r.relation) is not null
    loop
        caller := each.caller;
        relation := each.relation;
        seen := history.as_caller(each.role, each.claims, 'select to_jsonb(count(*)) from ' || relation::regclass)::bigint;
        allowed := 0;
        if each.user_id is not null then
            execute format('select count(*) from %s t where t.tenant_id = $1 and (t.user_id = $2 or $3)%s', relation::regclass,
                case when relation = 'public.messages' then ' and t.current' end) into allowed
                using each.tenant_id, each.user_id, each.is_admin;
        end if;
        blocks := relation not in ('public.tenants', 'public.tenant_users');
        return next;
    end loop;
end $$;
