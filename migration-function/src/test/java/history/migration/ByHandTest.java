package history.migration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import history.migration.OldDatabase.Owner;
import history.postgres.PostgresVersion;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class ByHandTest {
    private record Part(String name, String sql) {}

    private static final List<Part> PARTS = Stream.of(
                    SqlFile.definitions().stream().map(file -> new Part(file.name(), Definitions.text(file))),
                    Stream.of(new Part("remember", Definitions.remember())),
                    Stream.of(new Part("by_hand", SqlFile.BY_HAND.sql())))
            .flatMap(parts -> parts)
            .toList();
    /** Quoted text, comments, bodies in dollars and bodies from begin to end: a semicolon in them ends nothing. */
    private static final Pattern TOKEN = Pattern.compile(
            "(?s)'[^']*'|\\$definition\\$.*?\\$definition\\$|\\$\\$.*?\\$\\$|--[^\\n]*\\n|begin atomic.*?\\nend(?=;)|.");

    private static final String DATA = """
            select md5(string_agg(s::text, '' order by id)) from (
                select id, title, messages, metadata, created_at from chat_sessions) s""";

    @Test
    void theOneFileIsMadeOfTheSources() throws Exception {
        var made = Path.of("target", "002_conversation_history.sql");
        Files.writeString(made, Definitions.statement() + "\n" + SqlFile.BY_HAND.sql());

        assertEquals(
                Files.readString(made),
                Files.readString(Path.of("002_conversation_history.sql")),
                "copy migration-function/" + made + " to migration-function/");
    }

    @ParameterizedTest
    @EnumSource
    void migratesTheOneFileAsOneQuery(Owner owner) throws Exception {
        try (var old = OldDatabase.withEdgeCases(PostgresVersion.V18, owner)) {
            try (var connection = simple(old)) {
                execute(connection, Files.readString(Path.of("002_conversation_history.sql")));
            }
            assertMigrated(old);
        }
    }

    @ParameterizedTest
    @EnumSource
    void migratesPastedFilesEachAsOneQuery(Owner owner) throws Exception {
        try (var old = OldDatabase.withEdgeCases(PostgresVersion.V15, owner)) {
            try (var connection = simple(old)) {
                for (var file : PARTS) {
                    execute(connection, file.sql());
                }
            }
            assertMigrated(old);
        }
    }

    @ParameterizedTest
    @EnumSource
    void migratesStatementByStatement(Owner owner) throws Exception {
        try (var old = OldDatabase.withEdgeCases(PostgresVersion.V18, owner)) {
            try (var connection = simple(old)) {
                assertEquals(List.of(), ignoringErrors(connection, PARTS));
            }
            assertMigrated(old);
        }
    }

    @ParameterizedTest
    @EnumSource
    void losesNothingWhenStatementsFailAndAreIgnored(PostgresVersion version) throws Exception {
        try (var old = OldDatabase.withEdgeCases(version, Owner.PLAIN)) {
            var before = old.value(DATA);
            old.execute("""
                    alter table chat_sessions add constraint zz_refuse
                        check (title is distinct from 'New Conversation') not valid""");
            for (var missing : sample()) {
                var files = new ArrayList<>(PARTS);
                files.remove(missing);
                try (var connection = simple(old)) {
                    ignoringErrors(connection, files);
                }
                assertEquals(before, old.value(DATA), missing::name);
            }
            try (var connection = simple(old)) {
                assertTrue(!ignoringErrors(connection, PARTS).isEmpty());
            }
            assertEquals(before, old.value(DATA));
            old.execute("alter table conversations drop constraint zz_refuse");
            try (var connection = simple(old)) {
                ignoringErrors(connection, PARTS);
            }
            assertMigrated(old);
        }
    }

    private static void assertMigrated(OldDatabase old) throws SQLException {
        assertEquals("migrated", old.value("select phase from history.state"));
        assertEquals("10045", old.value("select count(*) from messages"));
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

    private static List<String> ignoringErrors(Connection connection, List<Part> files) throws SQLException {
        var errors = new ArrayList<String>();
        for (var file : files) {
            for (var statement : statements(file.sql())) {
                try {
                    execute(connection, statement);
                } catch (SQLException e) {
                    errors.add(file.name() + ": " + e.getMessage());
                }
            }
        }
        return errors;
    }

    /** One in twelve of the definitions, and all that do something. */
    private static List<Part> sample() {
        return IntStream.range(0, PARTS.size())
                .filter(i -> i % 12 == 0 || i >= PARTS.size() - 2)
                .mapToObj(PARTS::get)
                .toList();
    }

    private static List<String> statements(String sql) {
        var statements = new ArrayList<String>();
        var statement = new StringBuilder();
        var tokens = TOKEN.matcher(sql);
        while (tokens.find()) {
            statement.append(tokens.group());
            if (tokens.group().equals(";")) {
                statements.add(statement.toString());
                statement.setLength(0);
            }
        }
        return statements;
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
