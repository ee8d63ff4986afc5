package history.isolation;

import history.auth.Caller;
import history.db.Call;
import history.db.Database;
import history.fixture.Configured;
import history.fixture.World;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What a caller's statement leaves on the connection for the next one: nothing may. */
final class LeftOver {
    private static final String SETTINGS = """
            select current_user::text, current_setting('request.jwt.claims', true), current_setting('app.tenant_id', true),
                   current_setting('role'), current_setting('app.conversation_id', true)
            """;

    private LeftOver() {}

    /** After one statement of Ada's on a connection of its own. */
    static List<String> of(World world) throws Exception {
        try (var database = Configured.read(alone(world.environment()), Database::from)) {
            database.write(ada(world), new Call("select 1"), rows -> rows.next());
            return of(database);
        }
    }

    static boolean aReadIsReadOnly(World world) {
        try (var database = Configured.read(alone(world.environment()), Database::from)) {
            database.read(
                    ada(world),
                    new Call("delete from public.conversations where false returning 1"),
                    rows -> rows.next());
            return false;
        } catch (RuntimeException refused) {
            return true;
        }
    }

    private static Caller ada(World world) {
        return new Caller(world.ada().userId(), world.ada().tenantId().toString());
    }

    static Map<String, String> alone(Map<String, String> environment) {
        Map<String, String> alone = new LinkedHashMap<>(environment);
        alone.put("DATABASE_POOL_SIZE", "1");
        return alone;
    }

    /** What the pool's only connection still knows; looks behind the door that everybody else has to take. */
    static List<String> of(Database database) throws Exception {
        var field = Database.class.getDeclaredField("connections");
        field.setAccessible(true);
        var connections = field.get(database);
        var take = connections.getClass().getDeclaredMethod("take", Duration.class, boolean.class);
        take.setAccessible(true);
        try (var connection = (Connection) take.invoke(connections, Duration.ofSeconds(4), false)) {
            return of(connection);
        }
    }

    static List<String> of(Connection connection) throws SQLException {
        List<String> left = new ArrayList<>();
        try (var statement = connection.createStatement();
                var rows = statement.executeQuery(SETTINGS)) {
            rows.next();
            for (int column = 1; column <= rows.getMetaData().getColumnCount(); column++) {
                var value = rows.getString(column);
                if (value != null && !List.of("", "none", World.FUNCTIONS_ROLE).contains(value)) {
                    left.add(value);
                }
            }
        }
        return left;
    }
}
