package history.isolation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import history.postgres.PostgresServer;
import history.postgres.PostgresVersion;
import history.postgres.Some;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Callers who put types, tables, functions and operators of their own under every name that a function says. */
final class BorrowedRightsTest {
    private static final String BORROW = """
            create function pg_temp.borrow() returns text language plpgsql as $$
            begin
                raise notice 'works as %', current_user;
                return '';
            end $$;
            """;

    /** Those that say the name of a type; with any path, the others say nothing that pg_temp could hold. */
    private static final List<String> LENDING = List.of(
            "my_tenants()",
            "my_admin_tenants()",
            "current_tenant()",
            "derived_id(text, text)",
            "message_inserted()",
            "messages_changed()",
            "message_limited()");

    private static final List<Persona> CALLERS = List.of(Persona.ADA, Persona.SERVICE);

    static Stream<Arguments> noFunctionWorksForThemAsItsOwner() {
        return Stream.of(Stage.values())
                .flatMap(stage -> Stream.of(PostgresVersion.values())
                        .filter(version -> Some.ALL || (stage == Stage.COMPLETE) == (version == PostgresVersion.V18))
                        .map(version -> Arguments.of(stage, version)));
    }

    @ParameterizedTest
    @MethodSource
    @Tag(Some.TAG)
    void noFunctionWorksForThemAsItsOwner(Stage stage, PostgresVersion version) throws Exception {
        try (var database = stage.database(version);
                var superuser = database.connect(PostgresServer.SUPERUSER)) {
            superuser.setAutoCommit(false);
            var probes = Matrix.probes(superuser, stage);
            for (var caller : CALLERS) {
                castShadows(superuser, caller);
                for (var probe : probes) {
                    assertEquals(List.of(), lent(superuser, caller, probe), probe.title());
                }
                superuser.rollback();
            }
        }
    }

    /** With the path that looks safe, the very same attempts succeed. */
    @Some("V18")
    void anEmptyPathLendsTheOwnersRights(PostgresVersion version) throws Exception {
        try (var database = Stage.MIGRATED.database(version);
                var superuser = database.connect(PostgresServer.SUPERUSER);
                var statement = superuser.createStatement()) {
            superuser.setAutoCommit(false);
            var probes = Matrix.probes(superuser, Stage.MIGRATED);
            castShadows(superuser, Persona.ADA);
            for (var function : LENDING) {
                var savepoint = superuser.setSavepoint();
                statement.execute(
                        "reset session authorization; set local search_path = pg_catalog, pg_temp; alter function history."
                                + function + " set search_path = '';" + become(Persona.ADA));
                var lends = false;
                for (var probe : probes) {
                    lends = lends || !lent(superuser, Persona.ADA, probe).isEmpty();
                }
                assertTrue(lends, function);
                superuser.rollback(savepoint);
            }
        }
    }

    private static void castShadows(Connection superuser, Persona caller) throws Exception {
        try (var statement = superuser.createStatement()) {
            List<String> shadows = new ArrayList<>();
            try (var rows = statement.executeQuery(Stage.resource("shadows.sql"))) {
                while (rows.next()) {
                    shadows.add(rows.getString(1));
                }
            }
            assertTrue(shadows.size() > 100, shadows::toString);
            statement.execute(become(caller) + BORROW + String.join(";", shadows) + ";" + become(caller));
        }
    }

    private static String become(Persona caller) {
        return "set local session authorization " + Prober.LOGIN_ROLE + ";" + caller.settings()
                + "set local search_path = pg_temp, pg_catalog, public;";
    }

    /** As whom something of the caller's has worked, other than as the caller. */
    private static List<String> lent(Connection connection, Persona caller, Probe probe) throws SQLException {
        var savepoint = connection.setSavepoint();
        try (var statement = connection.createStatement()) {
            List<String> roles = new ArrayList<>();
            try {
                statement.execute(Rows.named(probe.sql(), caller.self));
            } catch (SQLException refused) {
                roles.add(""); // what was said before is still to be read
            }
            for (var said = statement.getWarnings(); said != null; said = said.getNextWarning()) {
                roles.add(String.valueOf(said.getMessage()));
            }
            return roles.stream()
                    .filter(role -> role.startsWith("works as ") && !role.equals("works as " + caller.role))
                    .distinct()
                    .collect(Collectors.toList());
        } finally {
            connection.rollback(savepoint);
        }
    }
}
