package history.bench;

import history.fixture.World;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Properties;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import org.jspecify.annotations.Nullable;

/** As many connections as the functions have, with the driver's settings that they have. */
final class Pool implements AutoCloseable {
    private final BlockingQueue<Connection> idle = new ArrayBlockingQueue<>(Stand.CONNECTIONS);

    Pool(Stand stand, int port) throws SQLException {
        var properties = new Properties();
        properties.setProperty("user", World.FUNCTIONS_ROLE);
        properties.setProperty("prepareThreshold", "0");
        for (var i = 0; i < Stand.CONNECTIONS; i++) {
            var url = "jdbc:postgresql://127.0.0.1:%d/%s"
                    .formatted(port, stand.world().database().name());
            idle.add(DriverManager.getConnection(url, properties));
        }
    }

    @FunctionalInterface
    interface Work<T> {
        T on(Connection connection) throws SQLException;
    }

    <T> T with(Work<T> work) throws SQLException, InterruptedException {
        var connection = idle.take();
        try {
            return work.on(connection);
        } finally {
            idle.add(connection);
        }
    }

    /** Runs a statement, or a batch, and reads the last rows as text, as every program must; returns the first value of the first row. */
    static String run(Connection connection, String sql, @Nullable Object... parameters) throws SQLException {
        try (var statement = connection.prepareStatement(sql)) {
            for (var i = 0; i < parameters.length; i++) {
                statement.setObject(i + 1, parameters[i]);
            }
            var first = "";
            for (var isRows = statement.execute();
                    isRows || statement.getUpdateCount() != -1;
                    isRows = statement.getMoreResults()) {
                if (isRows) {
                    try (var rows = statement.getResultSet()) {
                        var columns = rows.getMetaData().getColumnCount();
                        for (var row = 0; rows.next(); row++) {
                            for (var column = 1; column <= columns; column++) {
                                var value = rows.getString(column);
                                first = row == 0 && column == 1 ? String.valueOf(value) : first;
                            }
                        }
                    }
                }
            }
            return first;
        }
    }

    @Override
    public void close() throws SQLException {
        for (var connection : idle) {
            connection.close();
        }
    }
}
