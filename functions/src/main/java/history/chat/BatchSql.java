package history.chat;

/** What the batches have in common: which conversation, and its lock. */
final class BatchSql {
    static final String OWN = "c.tenant_id = history.current_tenant() and c.user_id = history.user_id()";

    /** The conversation that {@link #name} found or named; null when there is none. */
    static final String CURRENT = "nullif(current_setting('app.conversation_id', true), '')::uuid";

    private BatchSql() {}

    /** Takes id, chat id, idempotency key and an id for a conversation that nothing else gives a name. */
    static String name(String table) {
        return """
                select set_config('app.conversation_id', coalesce(
                  (select c.id from public.%s c where c.id = input.id and %s),
                  case when chat_id is not null then history.derived_id('chat', chat_id)
                       when id is not null then null
                       when key is not null then history.derived_id('chat-of-key', key)
                       else new_id end)::text, true)
                from (select ?::uuid as id, ?::text as chat_id, ?::text as key, ?::uuid as new_id) input;
                """.formatted(table, OWN);
    }

    /** Everybody who writes to a conversation takes it first: another order would be a deadlock one day. */
    static String lock(String table, String id) {
        return """
                select 1 from public.%s c where %s and c.id = %s for no key update;
                """.formatted(table, OWN, id);
    }

    /** The first six words of a text. */
    static String firstWords(String text) {
        return """
                left(array_to_string(
                  (regexp_split_to_array(btrim(left(%s, 4000), E' \\t\\r\\n'), '\\s+'))[1:6], ' '), 255)
                """.formatted(text);
    }
}
