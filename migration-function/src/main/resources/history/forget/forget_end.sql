-- The end of erase and prune: what a rollback has set aside of conversations that are gone, when the user's last turns were granted, and
-- what the planner knows of tables that are empty now, which ANALYZE leaves as it was. Out: the receipts. Locks the empty tables for a moment.
create or replace function history.forget_end(action text, only_tenant uuid, of_user uuid) returns jsonb
language plpgsql set search_path = history_maintenance, pg_temp
as $$
declare
    emptied regclass;
    is_empty boolean;
    receipts jsonb;
begin
    execute format('delete from history.replaced r where not exists (select from %s c where c.id = r.conversation_id)',
        history.conversation_table());
    delete from history.granted_turns g where g.user_id = of_user and (only_tenant is null or g.tenant_id = only_tenant);
    foreach emptied in array array['history.quarantine', 'history.remembered', 'history.replaced', 'history.labelled']::regclass[] loop
        execute format('select not exists (select from %s)', emptied) into is_empty;
        continue when not is_empty;
        execute (
            select format('alter table %s %s', emptied, string_agg(
                format('alter column %I type %s', a.attname, format_type(a.atttypid, a.atttypmod)), ', ')) -- the same, so nothing is written
            from pg_attribute a where a.attrelid = emptied and a.atttypid in ('jsonb'::regtype, 'text'::regtype) and not a.attisdropped);
    end loop;
    with ended as (
        update history.receipt r set ended_at = clock_timestamp()
        where r.ended_at is null and r.action = forget_end.action and (only_tenant is null or r.tenant_id = only_tenant)
            and r.user_id is not distinct from of_user
        returning r.*
    )
    select jsonb_agg(to_jsonb(e) order by e.tenant_id) into receipts from ended e;
    return coalesce(receipts, '[]');
end $$;
