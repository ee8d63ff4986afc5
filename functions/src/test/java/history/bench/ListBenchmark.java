package history.bench;

import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import history.auth.Caller;
import history.db.Database;
import history.fixture.Person;
import history.fixture.World;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;

/** A warm list of 50 conversations: through the handler, and the same SQL over bare JDBC. */
final class ListBenchmark {
    private static final int CONVERSATIONS = 50;
    private static final int WARM_UP = 3_000;
    private static final int ROUNDS = 5_000;

    private final World world;
    private final Person ada;

    ListBenchmark(World world) {
        this.world = world;
        this.ada = world.ada();
    }

    void run() throws Exception {
        world.execute("""
                insert into public.conversations (id, tenant_id, user_id, title, metadata, last_seq, message_count)
                select gen_random_uuid(), '%s', '%s', 'Conversation ' || i, '{"model": "echo", "tags": ["a", "b"]}', 0, 0
                from generate_series(1, %d) i""".formatted(ada.tenantId(), ada.userId(), CONVERSATIONS + 10));
        var handler = handler("history.conversation.ListConversationsHandler");
        var event = """
                {"version": "2.0", "rawPath": "/api/conversations", "headers": {"authorization": "%s"},
                 "requestContext": {"http": {"method": "GET", "path": "/api/conversations"}, "requestId": "r", "stage": "$default"},
                 "isBase64Encoded": false}""".formatted(ada.bearer()).getBytes(StandardCharsets.UTF_8);
        var throughHandler = new Samples(ROUNDS);
        var overJdbc = new Samples(ROUNDS);
        try (var connection = connect()) {
            var sql = constant(Database.class, "SETTINGS")
                    + "select r.* from history.list_conversations(everyone => ?, until => ?, until_id => ?, most => ?) r";
            // In turn, so that whatever else the machine does meets both.
            for (var round = -WARM_UP; round < ROUNDS; round++) {
                var start = System.nanoTime();
                read(connection, sql);
                var between = System.nanoTime();
                call(handler, event);
                if (round >= 0) {
                    overJdbc.add(between - start);
                    throughHandler.add(System.nanoTime() - between);
                }
            }
        }
        System.out.printf(
                Locale.ROOT,
                """

                A warm list of %d conversations, %,d times
                  bare JDBC    %s
                  the handler  %s
                  ratio        %.2f (aim: at most 1.5)
                """,
                CONVERSATIONS,
                ROUNDS,
                overJdbc,
                throughHandler,
                throughHandler.medianMillis() / overJdbc.medianMillis());
    }

    private RequestStreamHandler handler(String name) throws ReflectiveOperationException {
        var constructor = Class.forName(name).getDeclaredConstructor(Map.class);
        constructor.setAccessible(true);
        return (RequestStreamHandler) constructor.newInstance(world.environment());
    }

    private static String constant(Class<?> owner, String name) throws ReflectiveOperationException {
        var field = owner.getDeclaredField(name);
        field.setAccessible(true);
        return (String) field.get(null);
    }

    /** With the driver's settings that the functions have. */
    private Connection connect() throws SQLException {
        var properties = new Properties();
        properties.setProperty("prepareThreshold", "0");
        return DriverManager.getConnection(
                "jdbc:" + world.database().url(World.FUNCTIONS_ROLE).replaceFirst("//[^@]*@", "//") + "?user="
                        + World.FUNCTIONS_ROLE,
                properties);
    }

    /** Every column of every row as text: what no program could do without. */
    private void read(Connection connection, String sql) throws SQLException {
        try (var statement = connection.prepareStatement(sql)) {
            bind(statement);
            statement.execute();
            statement.getMoreResults();
            var count = 0;
            try (var rows = statement.getResultSet()) {
                var columns = rows.getMetaData().getColumnCount();
                while (rows.next()) {
                    for (var column = 1; column <= columns; column++) {
                        rows.getString(column);
                    }
                    count++;
                }
            }
            if (count != CONVERSATIONS + 1) {
                throw new IllegalStateException("read " + count + " rows");
            }
        }
    }

    private void bind(PreparedStatement statement) throws SQLException {
        statement.setString(1, new Caller(ada.userId(), null).claims());
        statement.setString(2, ada.tenantId().toString());
        statement.setString(3, "on");
        statement.setBoolean(4, false);
        statement.setObject(5, null);
        statement.setObject(6, null);
        statement.setInt(7, CONVERSATIONS + 1);
    }

    private static void call(RequestStreamHandler handler, byte[] event) throws Exception {
        var answer = new ByteArrayOutputStream(32_000);
        handler.handleRequest(new ByteArrayInputStream(event), answer, null);
        if (answer.size() < CONVERSATIONS * 100) {
            throw new IllegalStateException(answer.toString(StandardCharsets.UTF_8));
        }
    }
}
