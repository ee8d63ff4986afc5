-- One commit of erase or prune: deletes conversations that are due, with everything that was in them, and writes the receipts of their
-- tenants. In: as in due; actor: who does it. Out: how many, and the last of them; null when nothing is left. Locks the conversations.
-- Deletes nothing, with SQLSTATE 09000, where a trigger or a rule keeps any of it.
create or replace function history.forget_batch(
    action text, actor text, only_tenant uuid, of_user uuid, after_tenant uuid, after uuid, most integer,
    out conversations bigint, out reached_tenant uuid, out reached uuid)
language plpgsql set search_path = history_maintenance, pg_temp
as $$
declare
    is_prepared constant boolean := (select s.phase = 'prepared' from history.state s);
    relation constant regclass := history.conversation_table();
    due record;
    each record;
    deleted bigint;
    counts jsonb;
    is_gone boolean;
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
        if not is_prepared then
            perform history.refuse_loss(not exists (
                select from public.messages m where m.tenant_id = due.tenant_id and m.conversation_id = any (due.ids)), 'messages');
        end if;
        execute format('insert into history.deleted (tenant_id, user_id, id, erased)
            select c.tenant_id, c.user_id, c.id, true from %s c where c.id = any ($1) and c.tenant_id = $2
            on conflict (tenant_id, user_id, id) do update set erased = true',
            relation) using due.ids, due.tenant_id;
        execute format('delete from %s c where c.id = any ($1) and c.tenant_id = $2', relation) using due.ids, due.tenant_id;
        execute format('select not exists (select from %s c where c.id = any ($1) and c.tenant_id = $2)', relation)
            into is_gone using due.ids, due.tenant_id;
        perform history.refuse_loss(is_gone, case when is_prepared then 'chat_sessions' else 'conversations' end);
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
