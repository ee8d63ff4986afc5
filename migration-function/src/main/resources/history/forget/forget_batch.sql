-- One commit of erase or prune: deletes conversations that are due, with everything that was in them, and writes the receipts of their
-- tenants. In: as in due; actor: who does it. Out: how many, and the last of them; null when nothing is left. Locks the conversations.
create or replace function history.forget_batch(
    action text, actor text, only_tenant uuid, of_user uuid, after_tenant uuid, after uuid, most integer,
    out conversations bigint, out reached_tenant uuid, out reached uuid)
language plpgsql set search_path = history_maintenance, pg_temp
as $$
declare
    is_prepared constant boolean := (select s.phase = 'prepared' from history.state s);
    due record;
    each record;
    deleted bigint;
    counts jsonb;
begin
    perform history.refuse_in_arrays(); -- before any row is locked
    conversations := 0;
    for due in
        select d.tenant_id, array_agg(d.id order by d.id) as ids
        from history.due(only_tenant, of_user, after_tenant, after, most, true) d group by d.tenant_id order by d.tenant_id
    loop
        counts := jsonb_build_object('conversations', cardinality(due.ids));
        for each in
            select * from (values ('public', 'messages', true), ('history', 'quarantine', true), ('history', 'labelled', true),
                ('history', 'remembered', false), ('history', 'progress', false), ('history', 'replaced', false)) t(schema, name, has_tenant)
            where t.schema = 'history' or not is_prepared
        loop
            execute format('delete from %I.%I d where d.conversation_id = any ($1)%s', each.schema, each.name,
                case when each.has_tenant then ' and d.tenant_id = $2' end) using due.ids, due.tenant_id;
            get diagnostics deleted = row_count;
            counts := counts || jsonb_build_object(each.name, deleted);
        end loop;
        execute format('with gone as (delete from %s c where c.id = any ($1) and c.tenant_id = $2 returning c.*)
            insert into history.deleted (tenant_id, user_id, id, erased) select g.tenant_id, g.user_id, g.id, true from gone g
            on conflict (id) do update set tenant_id = excluded.tenant_id, user_id = excluded.user_id, erased = true',
            history.conversation_table()) using due.ids, due.tenant_id;
        update history.receipt r
        set deleted = (select jsonb_object_agg(c.key, c.value::bigint + (r.deleted ->> c.key)::bigint) from jsonb_each_text(counts) c)
        where r.ended_at is null and r.action = forget_batch.action and r.tenant_id = due.tenant_id and r.user_id is not distinct from of_user;
        if not found then
            insert into history.receipt (action, tenant_id, user_id, actor, deleted)
            values (forget_batch.action, due.tenant_id, of_user, format('%s (%s)', session_user, forget_batch.actor), counts);
        end if;
        conversations := conversations + cardinality(due.ids);
        reached_tenant := due.tenant_id;
        reached := due.ids[cardinality(due.ids)];
    end loop;
end $$;
