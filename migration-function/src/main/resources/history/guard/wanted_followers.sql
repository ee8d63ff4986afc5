-- The triggers that follow every change of conversations, also those of the migration itself and of turns, as PostgreSQL prints them:
-- labels, deletions, and Realtime messages, if there is a Realtime that the owner may use. Called by wanted_triggers.
create or replace function history.wanted_followers(target text) returns table (relation text, name text, definition text)
language plpgsql stable set search_path = pg_catalog, pg_temp
as $$
declare
    send constant regprocedure := to_regprocedure('realtime.send(jsonb, text, text, boolean)');
    row constant text := 'FOR EACH ROW';
    c constant text := 'public.conversations';
begin
    return query
    select c, 'history_5_' || lower(t.event), format('CREATE TRIGGER history_5_%s AFTER %s ON %s %s WHEN (%s) EXECUTE FUNCTION '
        'history.labelled_again()', lower(t.event), t.event, c, row, t.condition)
    from (values ('INSERT', '(new.labels <> ''{}''::text[])'), ('DELETE', '(old.labels <> ''{}''::text[])'),
        ('UPDATE', '(((new.labels <> ''{}''::text[]) OR (old.labels <> ''{}''::text[])) AND ((new.labels IS DISTINCT FROM old.labels) '
            'OR (new.archived IS DISTINCT FROM old.archived) OR (new.user_id IS DISTINCT FROM old.user_id) '
            'OR (new.last_message_at IS DISTINCT FROM old.last_message_at) OR (new.created_at IS DISTINCT FROM old.created_at)))')) t(event, condition)
    where target <> 'prepared'
    union all
    select c, 'history_6_deleted', format('CREATE TRIGGER history_6_deleted AFTER DELETE ON %s %s EXECUTE FUNCTION '
        'history.deletion_kept()', c, row)
    where target <> 'prepared'
    union all
    select c, t.name, format('CREATE TRIGGER %s AFTER %s ON %s %s %sEXECUTE FUNCTION history.revision_sent()', t.name, t.event, c, row, t.condition)
    from (values ('history_7_sent', 'INSERT OR DELETE', ''), ('history_7_sent_again', 'UPDATE', 'WHEN ((old.revision <> new.revision)) '))
        t(name, event, condition)
    where target <> 'prepared' and send is not null and has_function_privilege(history.owner(), send, 'execute')
        and has_schema_privilege(history.owner(), (select p.pronamespace from pg_proc p where p.oid = send), 'usage')
    union all
    select c, 'history_3_deleted', format('CREATE TRIGGER history_3_deleted AFTER DELETE ON %s %s EXECUTE FUNCTION '
        'history.conversation_deleted()', c, row)
    where target in ('expanded', 'backfilled', 'migrated');
end $$;
