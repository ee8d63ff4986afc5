package history.local;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import history.local.LocalEndpoint.Reply;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;

/**
 * {@code POST /local/session}: one session of the rehearsal as the old application and the new API have it: {@code number}
 * counts from 1, by title. Long texts are cut, and the first forty places are enough to look at.
 */
record BothSides(LocalDatabase database) implements LocalEndpoint.Answering {
    private static final String ELEMENTS = """
            select coalesce(jsonb_agg(jsonb_build_object('json', left(e.element::text, 300), 'mirrored', jsonb_exists(e.element, 'userId'))
                order by e.n), '[]')
            from public.chat_sessions s,
                jsonb_array_elements(history.list_of(s.messages)) with ordinality e(element, n)
            where s.id = ?::uuid and e.n <= 40""";
    private static final String ROWS = """
            select coalesce(jsonb_agg(jsonb_build_object('seq', m.seq, 'role', m.role, 'content', left(m.content, 300)) order by m.seq), '[]')
            from public.messages m where m.conversation_id = ?::uuid and m.current and m.seq <= 40""";
    private static final String QUARANTINE = """
            select coalesce(jsonb_object_agg(q."position", q.reason), '{}')
            from history.quarantine q where q.conversation_id = ?::uuid""";

    @Override
    public Reply answer(JsonNode body) throws SQLException, IOException {
        var number = String.valueOf(Math.max(1, body.path("number").asInt(1)));
        try (var connection = database.connect()) {
            // Both sides of one moment, while both are written.
            connection.setAutoCommit(false);
            connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
            var hasRows = Rehearsal.exists(connection, "public.messages");
            var hasArrays = Rehearsal.exists(connection, "public.chat_sessions");
            var session = Rehearsal.query(connection, nth(hasRows ? "conversations" : "chat_sessions"), number);
            if (session instanceof ObjectNode found) {
                var id = found.path("id").asText();
                found.set(
                        "elements",
                        hasArrays ? Rehearsal.query(connection, ELEMENTS, id) : JsonNodeFactory.instance.nullNode());
                found.set(
                        "rows", hasRows ? Rehearsal.query(connection, ROWS, id) : JsonNodeFactory.instance.arrayNode());
                found.set(
                        "quarantine",
                        hasRows ? Rehearsal.query(connection, QUARANTINE, id) : JsonNodeFactory.instance.objectNode());
            }
            connection.rollback();
            return Reply.ok(session);
        }
    }

    private static String nth(String table) {
        return """
                select to_jsonb(s) from (
                    select id, title, count(*) over () as "of" from public.%s
                    order by lower(title) desc nulls last, id offset ?::int - 1 limit 1) s""".formatted(table);
    }
}
