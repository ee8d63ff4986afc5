-- The triggers that must be in a phase, as PostgreSQL prints them. While the migration itself works they rest.
-- Counting is for each row, because a transition table would make the backfill keep a copy of every row.
create or replace function history.wanted_triggers(target text)
returns table (relation text, name text, definition text)
language plpgsql stable set search_path = pg_catalog, pg_temp
as $$
declare
    awake constant text := format(
        '(CURRENT_USER <> %L::name) OR (current_setting(''search_path''::text) <> ''history_maintenance, pg_temp''::text)',
        history.owner());
    filled constant text := '((jsonb_typeof(new.messages) <> ''null''::text) AND (new.messages <> ''[]''::jsonb))';
    mirrored constant boolean := target in ('expanded', 'backfilled', 'migrated');
    argument constant text := quote_literal(case when mirrored then 'mirror' else '' end);
begin
    return query
    select t.relation, t.name, format('CREATE TRIGGER %s %s ON %s %s WHEN (%s) EXECUTE FUNCTION history.%s',
        t.name, t.event, t.relation, t.level, t.condition, t.call)
    from (values
        (true, 'public.conversations', 'history_1_written', 'BEFORE INSERT OR UPDATE', 'FOR EACH ROW',
            '(' || awake || ')', 'conversation_written()'),
        (mirrored, 'public.conversations', 'history_2_array_inserted', 'BEFORE INSERT', 'FOR EACH ROW',
            filled, 'array_inserted()'),
        (mirrored, 'public.conversations', 'history_3_array_stored', 'AFTER INSERT', 'FOR EACH ROW',
            filled, 'array_stored()'),
        (mirrored, 'public.conversations', 'history_2_array_rewritten', 'BEFORE UPDATE OF messages', 'FOR EACH ROW',
            '((' || awake || ') AND (old.messages IS DISTINCT FROM new.messages))', 'array_rewritten()'),
        (true, 'public.messages', 'history_1_inserted', 'BEFORE INSERT', 'FOR EACH ROW',
            '(' || awake || ')', 'message_inserted()'),
        (true, 'public.messages', 'history_1_updated', 'BEFORE UPDATE', 'FOR EACH ROW',
            '(' || awake || ')', 'message_updated()'),
        (true, 'public.messages', 'history_2_counted_insert', 'AFTER INSERT', 'FOR EACH ROW',
            '(' || awake || ')', 'message_added(' || argument || ')'),
        (true, 'public.messages', 'history_2_counted_update', 'AFTER UPDATE', 'REFERENCING OLD TABLE AS before FOR EACH STATEMENT',
            '(' || awake || ')', 'messages_changed(' || argument || ')'),
        (true, 'public.messages', 'history_2_counted_delete', 'AFTER DELETE', 'REFERENCING OLD TABLE AS before FOR EACH STATEMENT',
            '(' || awake || ')', 'messages_changed(' || argument || ')')
    ) t(exists, relation, name, event, level, condition, call)
    where t.exists and target <> 'prepared'
    union all
    select 'public.conversations', 'history_3_deleted', 'CREATE TRIGGER history_3_deleted AFTER DELETE ON '
        || 'public.conversations FOR EACH ROW EXECUTE FUNCTION history.conversation_deleted()'
    where mirrored
    union all
    select 'history.quarantine', 'history_1_edited', 'CREATE TRIGGER history_1_edited BEFORE DELETE OR UPDATE ON '
        || 'history.quarantine FOR EACH ROW WHEN ((' || awake || ')) EXECUTE FUNCTION history.entry_edited()';
end $$;
