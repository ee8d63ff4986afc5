package history.postgres;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class PostgresServerTest {
    @ParameterizedTest
    @EnumSource
    void runsTheVersionThatWasAskedFor(PostgresVersion version) throws Exception {
        try (var database = PostgresServer.shared(version).createDatabase()) {
            var number = query(database, "select current_setting('server_version_num')::int / 10000");

            assertEquals(version.name(), "V" + number);
        }
    }

    @Test
    void copiesWhatWasPreparedOnce() throws Exception {
        var server = PostgresServer.shared(PostgresVersion.V18);
        for (var copy = 0; copy < 2; copy++) {
            try (var database = server.createDatabase("numbers", it -> it.execute("create table one as select 1"))) {
                assertEquals("1", query(database, "select count(*) from one"));
                database.execute("drop table one");
            }
        }
    }

    @Test
    void keepsItsDataBetweenStarts(@TempDir Path folder) throws Exception {
        var data = folder.resolve("data");
        int port;
        try (var server = PostgresServer.startIn(data, PostgresVersion.V18, 0)) {
            port = server.port();
            new PostgresDatabase(server, "postgres").execute("create table kept as select 1");
            var refused = assertThrows(
                    IllegalStateException.class,
                    () -> PostgresServer.startIn(data, PostgresVersion.V18, 0).close());
            assertTrue(String.valueOf(refused.getMessage()).contains("in use"));
        }
        try (var server = PostgresServer.startIn(data, PostgresVersion.V18, port)) {
            assertEquals(port, server.port());
            new PostgresDatabase(server, "postgres").execute("insert into kept values (2)");
            server.crash();
        }
        try (var server = PostgresServer.startIn(data, PostgresVersion.V18, 0)) {
            assertEquals("2", query(new PostgresDatabase(server, "postgres"), "select count(*) from kept"));
        }
    }

    private static String query(PostgresDatabase database, String sql) throws Exception {
        try (var connection = database.connect(PostgresServer.SUPERUSER);
                var statement = connection.createStatement();
                var rows = statement.executeQuery(sql)) {
            rows.next();
            return rows.getString(1);
        }
    }
}
