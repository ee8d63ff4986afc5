-- The triggers that must exist in a phase, as PostgreSQL prints them. They do not fire for the migration's own writes, but for those that follow
-- every change of conversations: labels, deletions, and Realtime messages, if there is a Realtime that the owner may use. Counting is
-- for each row, because a transition table would make the backfill keep a copy of every row.
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
    q constant text := 'history.quarantine';
    send constant regprocedure := to_regprocedure('realtime.send(jsonb, text, text, boolean)');
    sends constant boolean := has_function_privilege(history.owner(), send, 'execute')
        and has_schema_privilege(history.owner(), (select p.pronamespace from pg_proc p where p.oid = send), 'usage');
begin
    return query
    select t.relation, t.name, format('CREATE TRIGGER %s %s ON %s %s%s EXECUTE FUNCTION history.%s',
        t.name, t.event, t.relation, t.level, ' WHEN (' || format(t.condition, t.relation) || ')', t.call)
    from (values
        (mirrored, c, 'history_1_array_limited', 'BEFORE INSERT OR UPDATE OF messages', row, bound, 'array_limited()'),
        (true, c, 'history_1_asked', 'BEFORE INSERT', row, awake, 'conversation_asked()'),
        (true, c, 'history_1_refused', 'BEFORE INSERT', row, '(' || awake || ' AND (new.last_seq < 0))', 'id_refused()'),
        (true, c, 'history_1_written', 'BEFORE INSERT OR UPDATE', row, awake, 'conversation_written' || argument),
        (mirrored, c, 'history_2_array_inserted', 'BEFORE INSERT', row, filled, 'array_inserted()'),
        (mirrored, c, 'history_2_array_rewritten', 'BEFORE UPDATE OF messages', row, awake, 'array_rewritten()'),
        (true, c, 'history_2_limited', 'BEFORE INSERT OR UPDATE', row, bound, 'conversation_limited()'),
        (mirrored, c, 'history_3_array_stored', 'AFTER INSERT', row, filled, 'array_stored()'),
        (true, c, 'history_3_deleted', 'AFTER DELETE', row, null, 'conversation_deleted()'),
        (true, c, 'history_4_owner_changed', 'AFTER UPDATE', row,
            '(' || awake || ' AND (old.user_id IS DISTINCT FROM new.user_id))', 'owner_changed' || argument),
        (true, c, 'history_5_insert', 'AFTER INSERT', row, '(new.labels <> ''{}''::text[])', 'labelled_again()'),
        (true, c, 'history_5_update', 'AFTER UPDATE', row, '(((new.labels <> ''{}''::text[]) OR (old.labels <> ''{}''::text[])) AND '
            '((new.labels IS DISTINCT FROM old.labels) OR (new.archived IS DISTINCT FROM old.archived) '
            'OR (new.user_id IS DISTINCT FROM old.user_id) OR (new.last_message_at IS DISTINCT FROM old.last_message_at) '
            'OR (new.created_at IS DISTINCT FROM old.created_at)))', 'labelled_again()'),
        (true, c, 'history_6_erased', 'AFTER INSERT OR UPDATE OF id, tenant_id, user_id', row, awake, 'erased_refused()'),
        (sends, c, 'history_7_sent', 'AFTER INSERT OR DELETE', row, null, 'revision_sent()'),
        (sends, c, 'history_7_sent_again', 'AFTER UPDATE', row, '(old.revision <> new.revision)', 'revision_sent()'),
        (true, m, 'history_1_inserted', 'BEFORE INSERT', row, awake, 'message_inserted()'),
        (true, m, 'history_1_updated', 'BEFORE UPDATE', row, awake, 'message_updated()'),
        (true, m, 'history_2_allowed', 'BEFORE INSERT', row, '(' || awake || ' AND (new.seq = 0))', 'message_allowed()'),
        (true, m, 'history_2_counted_delete', 'AFTER DELETE', before, awake, 'messages_changed' || argument),
        (true, m, 'history_2_counted_insert', 'AFTER INSERT', row, awake, 'message_added' || argument),
        (true, m, 'history_2_counted_update', 'AFTER UPDATE', before, awake, 'messages_changed' || argument),
        (true, m, 'history_3_inserted', 'BEFORE INSERT', row, '(' || awake || ' AND (new.seq = 0))',
            'message_inserted(''allowed'')'),
        (true, m, 'history_4_refused', 'BEFORE INSERT', row, '(' || awake || ' AND (new.seq < 0))', 'id_refused()'),
        (true, m, 'history_5_limited', 'BEFORE INSERT OR UPDATE', row, bound, 'message_limited()'),
        (true, q, 'history_1_edited', 'BEFORE DELETE OR UPDATE', row, awake, 'entry_edited()')
    ) t(exists, relation, name, event, level, condition, call)
    where t.exists and (target <> 'prepared' or t.relation = q);
end $$;
