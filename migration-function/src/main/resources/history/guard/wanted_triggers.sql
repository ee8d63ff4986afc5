-- The triggers that must exist in a phase, as PostgreSQL prints them. They do not fire for the migration's own writes.
-- Counting is for each row, because a transition table would make the backfill keep a copy of every row.
create or replace function history.wanted_triggers(target text)
returns table (relation text, name text, definition text)
language plpgsql stable set search_path = pg_catalog, pg_temp
as $$
declare
    awake constant text := format(
        '((CURRENT_USER <> %L::name) OR (current_setting(''search_path''::text) <> ''history_maintenance, pg_temp''::text))',
        history.owner());
    bound constant text := '(' || awake || ' AND row_security_active(''%s''::text) AND (CURRENT_USER <> ''service_role''::name))';
    filled constant text := '((jsonb_typeof(new.messages) <> ''null''::text) AND (new.messages <> ''[]''::jsonb))';
    mirrored constant boolean := target in ('expanded', 'backfilled', 'migrated');
    argument constant text := '(' || quote_literal(case when mirrored then 'mirror' else '' end) || ')';
    row constant text := 'FOR EACH ROW';
    before constant text := 'REFERENCING OLD TABLE AS before FOR EACH STATEMENT';
    c constant text := 'public.conversations';
    m constant text := 'public.messages';
begin
    return query
    select t.relation, t.name, format('CREATE TRIGGER %s %s ON %s %s WHEN (%s) EXECUTE FUNCTION history.%s',
        t.name, t.event, t.relation, t.level, format(t.condition, t.relation), t.call)
    from (values
        (mirrored, c, 'history_1_array_limited', 'BEFORE INSERT OR UPDATE OF messages', row, bound, 'array_limited()'),
        (true, c, 'history_1_asked', 'BEFORE INSERT', row, awake, 'conversation_asked()'),
        (true, c, 'history_1_refused', 'BEFORE INSERT', row, '(' || awake || ' AND (new.last_seq < 0))', 'id_refused()'),
        (true, c, 'history_1_written', 'BEFORE INSERT OR UPDATE', row, awake, 'conversation_written()'),
        (mirrored, c, 'history_2_array_inserted', 'BEFORE INSERT', row, filled, 'array_inserted()'),
        (mirrored, c, 'history_2_array_rewritten', 'BEFORE UPDATE OF messages', row,
            '(' || awake || ' AND (old.messages IS DISTINCT FROM new.messages))', 'array_rewritten()'),
        (true, c, 'history_2_limited', 'BEFORE INSERT OR UPDATE', row, bound, 'conversation_limited()'),
        (mirrored, c, 'history_3_array_stored', 'AFTER INSERT', row, filled, 'array_stored()'),
        (true, c, 'history_4_owner_changed', 'AFTER UPDATE', row,
            '(' || awake || ' AND (old.user_id IS DISTINCT FROM new.user_id))', 'owner_changed' || argument),
        (true, m, 'history_1_inserted', 'BEFORE INSERT', row, awake, 'message_inserted()'),
        (true, m, 'history_1_updated', 'BEFORE UPDATE', row, awake, 'message_updated()'),
        (true, m, 'history_2_allowed', 'BEFORE INSERT', row, '(' || awake || ' AND (new.seq = 0))', 'message_allowed()'),
        (true, m, 'history_2_counted_delete', 'AFTER DELETE', before, awake, 'messages_changed' || argument),
        (true, m, 'history_2_counted_insert', 'AFTER INSERT', row, awake, 'message_added' || argument),
        (true, m, 'history_2_counted_update', 'AFTER UPDATE', before, awake, 'messages_changed' || argument),
        (true, m, 'history_3_inserted', 'BEFORE INSERT', row, '(' || awake || ' AND (new.seq = 0))', 'message_inserted(''allowed'')'),
        (true, m, 'history_4_refused', 'BEFORE INSERT', row, '(' || awake || ' AND (new.seq < 0))', 'id_refused()'),
        (true, m, 'history_5_limited', 'BEFORE INSERT OR UPDATE', row, bound, 'message_limited()')
    ) t(exists, relation, name, event, level, condition, call)
    where t.exists and target <> 'prepared'
    union all
    select * from history.wanted_followers(target)
    union all
    select 'history.quarantine', 'history_1_edited', format('CREATE TRIGGER history_1_edited BEFORE DELETE OR UPDATE ON '
        'history.quarantine %s WHEN (%s) EXECUTE FUNCTION history.entry_edited()', row, awake);
end $$;
