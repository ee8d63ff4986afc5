package history.migration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import history.migration.OldDatabase.Owner;
import history.postgres.PostgresVersion;
import history.postgres.Some;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class ByHandTest {
    private static final String DATA = """
            select md5(string_agg(s::text, '' order by id)) from (
                select id, title, messages, metadata, created_at from chat_sessions) s""";

    @Test
    void theOneFileIsMadeOfTheSources() throws Exception {
        var made = Path.of("target", "002_conversation_history.sql");
        Files.writeString(made, ByHandFile.made());

        assertEquals(
                Files.readString(made),
                Files.readString(Path.of("002_conversation_history.sql")),
                "copy migration-function/" + made + " to migration-function/");
    }

    @Some("PLAIN")
    void migratesAsOneQuery(Owner owner) throws Exception {
        try (var old = OldDatabase.withALongArray(PostgresVersion.V18, owner);
                var connection = simple(old)) {
            assertEquals("19|10045|14|migrated", lastRow(connection, ByHandFile.made()));
            assertMigrated(old, 10_045);
        }
    }

    @Some("BYPASSES_POLICIES")
    void migratesStatementByStatement(Owner owner) throws Exception {
        try (var old = OldDatabase.withALongArray(PostgresVersion.V15, owner);
                var connection = simple(old)) {
            assertEquals(List.of(), ignoringErrors(connection, ByHandFile.statements()));
            assertMigrated(old, 10_045);
        }
    }

    @Some("V18")
    void losesNothingWhenStatementsFailAndAreIgnored(PostgresVersion version) throws Exception {
        try (var old = OldDatabase.withEdgeCases(version, Owner.PLAIN)) {
            var before = old.value(DATA);
            old.execute("""
                    alter table chat_sessions add constraint zz_refuse
                        check (title is distinct from 'New Conversation') not valid""");
            for (var missing = 0; missing < ByHandFile.statements().size(); missing++) {
                var statements = new ArrayList<>(ByHandFile.statements());
                statements.remove(missing);
                try (var connection = simple(old)) {
                    ignoringErrors(connection, statements);
                }
                assertEquals(before, old.value(DATA), "without statement " + missing);
            }
            try (var connection = simple(old)) {
                assertTrue(!ignoringErrors(connection, ByHandFile.statements()).isEmpty());
            }
            assertEquals(before, old.value(DATA));
            old.execute("alter table conversations drop constraint zz_refuse");
            try (var connection = simple(old)) {
                ignoringErrors(connection, ByHandFile.statements());
            }
            assertMigrated(old, 65);
        }
    }

    @Test
    void stopsBeforeAnythingIsLockedWhenThereIsMoreThanFits() throws Exception {
        try (var old = OldDatabase.withEdgeCases(PostgresVersion.V15, Owner.PLAIN);
                var connection = simple(old)) {
            execute(connection, "set history.most_messages = 60");

            var errors = ignoringErrors(connection, ByHandFile.statements());

            assertTrue(errors.getFirst().contains("chat_sessions holds some "), errors::getFirst);
            assertTrue(errors.getFirst().contains("migration-function.jar migrate"), errors::getFirst);
            assertEquals("f", old.value("select to_regnamespace('history') is not null"));
        }
    }

    @Test
    void touchesNothingOfSomebodyElses() throws Exception {
        try (var old = OldDatabase.withEdgeCases(PostgresVersion.V15, Owner.PLAIN);
                var connection = simple(old)) {
            old.execute("create table public.messages (note text)");

            var errors = ignoringErrors(connection, ByHandFile.statements());

            assertTrue(errors.getFirst().contains("A table public.messages exists"), errors::getFirst);
            assertEquals("f", old.value("select to_regnamespace('history') is not null"));
        }
    }

    @Test
    void makesNobodysTenantsUnasked() throws Exception {
        try (var old = OldDatabase.withEdgeCases(PostgresVersion.V18, Owner.SUPERUSER);
                var connection = simple(old)) {
            old.execute("drop table chat_sessions");

            var errors = ignoringErrors(connection, ByHandFile.statements());
            assertTrue(errors.getFirst().contains("set history.fresh"), errors::getFirst);

            execute(connection, "set history.fresh = 'yes'");
            assertEquals("0|0|0|complete", lastRow(connection, ByHandFile.made()));
        }
    }

    /** Or names who may give it, and how, in the last row. */
    @ParameterizedTest
    @EnumSource(names = {"SUPERUSER", "PLAIN"})
    void givesTheRightToConnect(Owner owner) throws Exception {
        try (var old = OldDatabase.withEdgeCases(PostgresVersion.V18, owner)) {
            var connect = "connect on database %s".formatted(old.database().name());
            old.execute("revoke %1$s from public; grant %1$s to %2$s".formatted(connect, owner.role()));
            try (var connection = simple(old)) {
                var remarks = row(connection, ByHandFile.made()).getLast();
                assertEquals(
                        owner == Owner.PLAIN,
                        remarks.contains("the database: history_functions may not connect to it. As its owner: grant "
                                + connect + " to history_functions;"),
                        remarks);
            }
            assertEquals(
                    owner == Owner.PLAIN ? "f" : "t",
                    old.value("select has_database_privilege('history_functions', current_database(), 'connect')"));
        }
    }

    private static void assertMigrated(OldDatabase old, int messages) throws SQLException {
        assertEquals("migrated", old.value("select phase from history.state"));
        assertEquals("" + messages, old.value("select count(*) from messages"));
        assertTrue(old.succeed(Action.STATUS).findings().stream().noneMatch(Finding::blocks));
        old.succeed(Action.MIGRATE);
        old.succeed(Action.VERIFY);
        old.execute("set role %s; set search_path = ''; select history.roll_back()"
                .formatted(old.owner().role()));
        assertEquals("19", old.value("select count(*) from chat_sessions"));
    }

    private static Connection simple(OldDatabase old) throws SQLException {
        return DriverManager.getConnection("jdbc:" + old.database().url("").replace("@", "")
                + "?preferQueryMode=simple&user=" + old.owner().role());
    }

    private static List<String> ignoringErrors(Connection connection, List<String> statements) {
        var errors = new ArrayList<String>();
        for (var statement : statements) {
            try {
                execute(connection, statement);
            } catch (SQLException e) {
                errors.add(String.valueOf(e.getMessage()));
            }
        }
        return errors;
    }

    /** Conversations, messages, quarantined and phase, as an editor shows them. */
    private static String lastRow(Connection connection, String sql) throws SQLException {
        return String.join("|", row(connection, sql).subList(0, 4));
    }

    /** The same with the remarks. */
    private static List<String> row(Connection connection, String sql) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.execute(sql);
            while (statement.getUpdateCount() != -1) {
                statement.getMoreResults();
            }
            var row = statement.getResultSet();
            row.next();
            var columns = new ArrayList<String>();
            for (var i = 1; i <= 5; i++) {
                columns.add(row.getString(i));
            }
            return columns;
        }
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
