package history.local;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * An application as it was before the migration, in small: it keeps all messages of a session in one array, reads it, adds
 * to it and writes it back, for whoever speaks to it, as the service role.
 */
final class OldApplication implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration PAUSE = Duration.ofMillis(200);

    private final Members.Connector database;
    private final Random random = new Random(1);
    private final List<UUID> sessions = new ArrayList<>();
    private final Thread thread = Thread.ofVirtual().unstarted(this::work);
    private @Nullable Connection connection;
    private volatile boolean writing = true;
    private int turns;
    private volatile State state = new State(0, 0, null, 0);

    /**
     * How it is doing.
     *
     * @param writes arrays that it was told are stored, each with one message more than before
     * @param longestWaitMillis the longest that a statement took
     */
    record State(int writes, int failures, @Nullable String lastFailure, long longestWaitMillis) {}

    private OldApplication(Members.Connector database) {
        this.database = database;
    }

    /** Speaks in the sessions that are called {@code Conversation …}, and begins others. */
    static OldApplication start(Members.Connector database) throws SQLException {
        var application = new OldApplication(database);
        try (var connection = database.connect();
                var statement = connection.createStatement();
                var rows = statement.executeQuery("select id from chat_sessions where title like 'Conversation %'")) {
            while (rows.next()) {
                application.sessions.add(rows.getObject("id", UUID.class));
            }
        }
        application.thread.start();
        return application;
    }

    State state() {
        return state;
    }

    boolean isWriting() {
        return writing;
    }

    /** Off or on, and what it was; once it is off no statement is under way. */
    synchronized boolean write(boolean on) {
        var was = writing;
        writing = on;
        return was;
    }

    private void work() {
        while (!thread.isInterrupted()) {
            turn();
            try {
                Thread.sleep(PAUSE);
            } catch (InterruptedException closed) {
                return;
            }
        }
    }

    /** Somebody asks and is answered. What fails is lost, as it would be there. */
    private synchronized void turn() {
        if (!writing || sessions.isEmpty()) {
            return;
        }
        var number = ++turns;
        try {
            var session = random.nextInt(10) == 0 ? begin() : sessions.get(random.nextInt(sessions.size()));
            add(session, "user", "Question " + number + " to the old application");
            add(session, "assistant", "Answer " + number + " of the old application");
        } catch (SQLException | IOException | RuntimeException e) {
            state = new State(state.writes(), state.failures() + 1, e.getMessage(), state.longestWaitMillis());
            disconnect();
        }
    }

    private UUID begin() throws SQLException {
        var id = UUID.randomUUID();
        execute("""
                insert into chat_sessions (id, tenant_id, user_id, title, messages)
                select ?, tenant_id, user_id, null, '[]' from chat_sessions where id = ? returning id""", id, sessions.getFirst());
        sessions.add(id);
        return id;
    }

    private void add(UUID session, String role, String content) throws SQLException, IOException {
        var messages = execute("select coalesce(messages, '[]') from chat_sessions where id = ?", session);
        if (messages == null) {
            // Deleted by somebody else.
            sessions.remove(session);
            return;
        }
        var array = (ArrayNode) JSON.readTree(messages);
        array.addObject()
                .put("id", UUID.randomUUID().toString())
                .put("content", content)
                .put("role", role)
                .put("timestamp", Instant.now().toString())
                .put("sessionId", session.toString());
        var stored = execute(
                "update chat_sessions set messages = ?::jsonb, updated_at = now() where id = ? returning id",
                array.toString(),
                session);
        if (stored != null) {
            state = new State(state.writes() + 1, state.failures(), state.lastFailure(), state.longestWaitMillis());
        }
    }

    /** The first column of the first row. */
    private @Nullable String execute(String sql, Object... values) throws SQLException {
        var started = System.nanoTime();
        try (var statement = connection().prepareStatement(sql)) {
            for (var i = 0; i < values.length; i++) {
                statement.setObject(i + 1, values[i]);
            }
            try (var rows = statement.executeQuery()) {
                return rows.next() ? rows.getString(1) : null;
            }
        } finally {
            var waited = Math.max(state.longestWaitMillis(), (System.nanoTime() - started) / 1_000_000);
            state = new State(state.writes(), state.failures(), state.lastFailure(), waited);
        }
    }

    private Connection connection() throws SQLException {
        var open = connection;
        if (open == null) {
            open = database.connect();
            try (var statement = open.createStatement()) {
                statement.execute("set role service_role; set application_name = 'the old application'");
            }
            connection = open;
        }
        return open;
    }

    private void disconnect() {
        var open = connection;
        connection = null;
        try {
            if (open != null) {
                open.close();
            }
        } catch (SQLException gone) {
            // There is nothing to close any more.
        }
    }

    @Override
    public void close() {
        write(false);
        thread.interrupt();
        disconnect();
    }
}
