package history.chat.turn;

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

    /**
     * Rows of the conversation {@code c} in their order, and those in {@code p}, which are elements of the old array still.
     * Each of the two has the order and the limit, so that the index gives the first few without reading all others.
     */
    static String rows(String condition, String order) {
        return """
                ((select m.id, m.seq, m.role, m.content, m.metadata, m.created_at
                  from public.messages m
                  where m.tenant_id = c.tenant_id and m.conversation_id = c.id and %s
                  order by m.seq %s)
                 union all
                 (select m.* from p m where %s order by m.seq %s))
                """.formatted(condition, order, condition, order);
    }

    /** The row of the conversation {@code c} with that id; the primary key finds it, not the conversation's index. */
    static String row(String id) {
        return """
                (select m.id, m.seq, m.role, m.content, m.metadata, m.created_at
                 from public.messages m
                 where m.tenant_id = c.tenant_id and m.conversation_id is not distinct from c.id and m.id = %s
                 union all
                 select m.* from p m where m.id = %s)
                """.formatted(id, id);
    }
}
