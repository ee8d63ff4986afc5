-- How the lists and conversations of the API are read for the user with most conversations, and for the conversation with most
-- messages. Out: a row for each statement; whole says whether it reads or sorts everything. Called by check. Locks nothing.
create or replace function history.check_plans()
returns table (statement text, nodes text, buffers bigint, milliseconds numeric, whole boolean)
language plpgsql set search_path = history_maintenance, pg_temp
as $$
declare
    each record;
    large text;
    plan jsonb;
begin
    for each in
        with reader as (
            (select c.tenant_id, c.user_id, null::uuid as id from public.conversations c
                join public.tenant_users u on u.tenant_id = c.tenant_id and u.user_id = c.user_id
                group by c.tenant_id, c.user_id order by count(*) desc limit 1)
            union all
            (select c.tenant_id, c.user_id, c.id from public.conversations c
                join public.tenant_users u on u.tenant_id = c.tenant_id and u.user_id = c.user_id
                order by coalesce(c.message_count, 0) desc limit 1)
        )
        select s.name, r.tenant_id, r.user_id, s.relation, format(s.text, r.tenant_id, r.user_id, r.id) as text
        from reader r join (values
            (1, 'list', false, 'public.conversations', 'select c.* from public.conversations c
                where c.tenant_id = %1$L and c.user_id = %2$L and not c.archived
                order by case when c.last_message_at is not null then c.last_message_at
                    when c.created_at is not null then c.created_at else ''-infinity'' end desc, c.id desc limit 21'),
            (2, 'list of the tenant', false, 'public.conversations', 'select c.* from public.conversations c
                where c.tenant_id = %1$L and not c.archived
                order by case when c.last_message_at is not null then c.last_message_at
                    when c.created_at is not null then c.created_at else ''-infinity'' end desc, c.id desc limit 21'),
            (3, 'get', true, 'public.conversations', 'select c.* from public.conversations c
                where c.tenant_id = %1$L and c.id = %3$L'),
            (4, 'get its messages', true, 'public.messages', 'select m.* from public.messages m
                where m.tenant_id = %1$L and m.conversation_id = %3$L order by m.seq desc limit 51')
        ) s(place, name, of_one, relation, text) on s.of_one = (r.id is not null)
        order by s.place
    loop
        -- Of a table so small that reading all of it is cheapest, the plan that a large one would have.
        large := case when pg_relation_size(each.relation) > 8388608 then 'on' else 'off' end;
        perform set_config('enable_seqscan', large, true), set_config('enable_sort', large, true);
        plan := history.as_caller('authenticated', jsonb_build_object('sub', each.user_id, 'tenant_id', each.tenant_id),
            'explain (analyze, buffers, format json) ' || each.text) -> 0;
        statement := each.name;
        milliseconds := round((plan ->> 'Execution Time')::numeric, 2);
        buffers := (plan -> 'Plan' ->> 'Shared Hit Blocks')::bigint + (plan -> 'Plan' ->> 'Shared Read Blocks')::bigint;
        select string_agg(n ->> 'Node Type' || coalesce(' on ' || coalesce(n ->> 'Index Name', n ->> 'Relation Name'), ''), ', '),
            bool_or(n ->> 'Node Type' = 'Sort' or (n ->> 'Rows Removed by Filter')::bigint > 1000
                or n ->> 'Node Type' ~ 'Seq Scan' and n ->> 'Relation Name' in ('conversations', 'messages'))
        into nodes, whole
        from jsonb_path_query(plan, 'strict $.** ? (exists (@."Node Type"))') n;
        return next;
    end loop;
end $$;
