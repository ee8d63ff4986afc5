package history.local;

import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpHandler;
import history.local.LocalEndpoint.Reply;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;

/** A database as it was before the migration, an old application at work on it, and the real migration to be tried on both. */
final class Rehearsal implements AutoCloseable {
    private static final ObjectMapper JSON = JsonMapper.builder()
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .build();
    private static final List<String> FILES = List.of(
            "/history/migration/phase_0.sql", "/history/migration/edge_cases.sql", "/history/local/old_sessions.sql");
    /** What the rows are made of: a column that holds no array counts as one element. */
    private static final String OLD_SIDE = """
            select to_jsonb(s) from (
                select count(*) as sessions, coalesce(sum(jsonb_array_length(history.list_of(messages))), 0) as elements
                from public.chat_sessions) s""";

    private static final String NEW_SIDE = """
            select to_jsonb(s) from (
                select count(*) as conversations, count(*) filter (where last_seq is null) as pending,
                    (select count(*) from public.messages) as messages,
                    (select count(*) from history.quarantine) as quarantined
                from public.conversations) s""";
    private static final String ENTRIES = """
            select coalesce(jsonb_agg(to_jsonb(e)), '[]') from (
                select conversation_id, "position", reason, element from history.quarantine
                order by reason, conversation_id, "position" limit 100) e""";
    private static final String MEND = """
            with mended as (
                update history.quarantine q set element = coalesce(a.element, q.element || a.merge)
                from jsonb_to_record(?::jsonb)
                    as a(conversation_id uuid, "position" bigint, reason text, element jsonb, merge jsonb)
                where q.conversation_id = coalesce(a.conversation_id, q.conversation_id)
                    and q."position" = coalesce(a."position", q."position") and q.reason = coalesce(a.reason, q.reason)
                    and (a.element is not null or jsonb_typeof(q.element) = 'object')
                returning 1)
            select jsonb_build_object('mended', count(*)) from mended""";

    private final LocalDatabase.Embedded database;
    private final RequestStreamHandler migration;
    private OldApplication application;

    private Rehearsal(LocalDatabase.Embedded database, RequestStreamHandler migration, OldApplication application) {
        this.database = database;
        this.migration = migration;
        this.application = application;
    }

    /** Fills the empty database, lets the functions in as {@code prepare} does, and starts the old application. */
    static Rehearsal begin(LocalDatabase.Embedded database, RequestStreamHandler migration)
            throws SQLException, IOException {
        var rehearsal = new Rehearsal(database, migration, fill(database));
        rehearsal.prepare();
        return rehearsal;
    }

    private static OldApplication fill(LocalDatabase.Embedded database) throws SQLException, IOException {
        try (var connection = database.connect();
                var statement = connection.createStatement()) {
            for (var file : FILES) {
                statement.execute(resource(file));
            }
        }
        Ledger.open(database);
        return OldApplication.start(database::connect);
    }

    private void prepare() throws IOException {
        var prepared = migrate(JSON.createObjectNode().put("action", "prepare"));
        if (prepared.status() != 200) {
            throw new IllegalStateException("The rehearsal cannot be prepared: " + prepared.json());
        }
    }

    private static String resource(String name) throws IOException {
        try (var file = Objects.requireNonNull(Rehearsal.class.getResourceAsStream(name), name)) {
            return new String(file.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    /** By path. */
    Map<String, HttpHandler> endpoints() {
        return Map.of(
                "/local/rehearsal", new LocalEndpoint(Map.of("GET", body -> state(), "POST", this::write)),
                "/local/session", new LocalEndpoint(Map.of("POST", new BothSides(database))),
                "/local/rehearsal/again", new LocalEndpoint(Map.of("POST", body -> startOver())),
                "/local/migration", new LocalEndpoint(Map.of("POST", this::migrate)),
                "/local/quarantine", new LocalEndpoint(Map.of("GET", body -> quarantine(), "POST", this::mend)));
    }

    private Reply state() throws SQLException, IOException {
        var state = JSON.createObjectNode();
        try (var connection = database.connect()) {
            // Both sides of one moment, while the old application writes.
            connection.setAutoCommit(false);
            connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
            state.setAll((ObjectNode) query(connection, "select to_jsonb(s) from (select phase from history.state) s"));
            state.set("old_side", side(connection, "public.chat_sessions", OLD_SIDE));
            state.set("new_side", side(connection, "public.messages", NEW_SIDE));
            connection.rollback();
        }
        state.set("old_application", JSON.valueToTree(application.state()));
        state.withObject("old_application").put("writing", application.isWriting());
        return Reply.ok(state);
    }

    private static JsonNode side(Connection connection, String table, String counts) throws SQLException, IOException {
        return exists(connection, table) ? query(connection, counts) : NullNode.getInstance();
    }

    static boolean exists(Connection connection, String table) throws SQLException, IOException {
        return query(connection, "select to_jsonb(to_regclass(?) is not null)", table)
                .booleanValue();
    }

    private Reply write(JsonNode body) throws SQLException, IOException {
        if (!body.path("writing").isBoolean()) {
            throw new IllegalArgumentException("writing must be true or false: whether the old application writes.");
        }
        application.write(body.path("writing").booleanValue());
        return state();
    }

    /** With a database as it was in the beginning: what anybody has written since is gone. */
    private synchronized Reply startOver() throws SQLException, IOException {
        application.close();
        database.makeAnew();
        application = fill(database);
        prepare();
        return state();
    }

    private Reply migrate(JsonNode body) throws IOException {
        if (!body.path("action").asText().equals("complete")) {
            return invoke(body);
        }
        // As one does before: it takes away what the old application works on.
        var wrote = application.write(false);
        var reply = invoke(body);
        application.write(wrote && reply.status() != 200);
        return reply;
    }

    private Reply invoke(JsonNode event) throws IOException {
        var output = new ByteArrayOutputStream();
        var context = new LocalContext(
                "migration",
                UUID.randomUUID().toString(),
                System.nanoTime() + Duration.ofMinutes(15).toNanos());
        try {
            migration.handleRequest(new ByteArrayInputStream(JSON.writeValueAsBytes(event)), output, context);
            return Reply.ok(JSON.readTree(output.toByteArray()));
        } catch (IllegalStateException needsAPerson) {
            return refused(String.valueOf(needsAPerson.getMessage()));
        }
    }

    private static Reply refused(String report) {
        try {
            return new Reply(409, "application/json", JSON.readTree(report));
        } catch (JsonProcessingException e) {
            return Reply.problem(409, report);
        }
    }

    private Reply quarantine() throws SQLException, IOException {
        try (var connection = database.connect()) {
            return Reply.ok(query(connection, ENTRIES));
        }
    }

    private Reply mend(JsonNode body) throws SQLException, IOException {
        if (!(body.has("reason") || body.has("conversation_id")) || !(body.has("merge") || body.has("element"))) {
            throw new IllegalArgumentException(
                    "reason, conversation_id and position say which entries; merge adds fields to them, element replaces them.");
        }
        try (var connection = database.connect()) {
            return Reply.ok(query(connection, MEND, body.toString()));
        }
    }

    /** The JSON in the first column of the first row, or none. */
    static JsonNode query(Connection connection, String sql, String... values) throws SQLException, IOException {
        try (var statement = connection.prepareStatement(sql)) {
            for (var i = 0; i < values.length; i++) {
                statement.setString(i + 1, values[i]);
            }
            try (var rows = statement.executeQuery()) {
                return rows.next() ? JSON.readTree(rows.getString(1)) : NullNode.getInstance();
            }
        }
    }

    @Override
    public void close() {
        application.close();
    }
}
