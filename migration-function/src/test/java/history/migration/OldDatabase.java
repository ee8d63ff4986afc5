package history.migration;

import static java.util.Objects.requireNonNull;

import history.postgres.PostgresDatabase;
import history.postgres.PostgresServer;
import history.postgres.PostgresVersion;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A database of phase 0 with data in it, and who owns it. */
record OldDatabase(PostgresDatabase database, Owner owner) implements AutoCloseable {
    static final String ADA = "a0000000-0000-4000-8000-000000000001";
    static final String BOB = "b0000000-0000-4000-8000-000000000002";
    static final String TENANT_A = "10000000-0000-4000-8000-00000000000a";
    static final String TENANT_B = "10000000-0000-4000-8000-00000000000b";

    /** Who migrates: with everything, as on Supabase, as on RDS. */
    enum Owner {
        SUPERUSER("postgres", ""),
        BYPASSES_POLICIES("owner_bypassing", "createrole bypassrls"),
        PLAIN("owner_plain", "createrole");

        private final String role;
        private final String attributes;

        Owner(String role, String attributes) {
            this.role = role;
            this.attributes = attributes;
        }

        String role() {
            return role;
        }
    }

    private static final String OWN = """
            do $$ begin
                if not exists (select from pg_roles where rolname = ':owner') then create role :owner login :attributes; end if;
            end $$;
            grant anon, authenticated, service_role to :owner with admin option;
            grant create on schema public to :owner;
            grant usage on schema auth to :owner;
            grant select, references on auth.users to :owner;
            alter table public.tenants owner to :owner;
            alter table public.tenant_users owner to :owner;
            alter table public.chat_sessions owner to :owner;
            alter function public.handle_updated_at() owner to :owner""";

    /** @param done what has been done with it already: statements of the superuser, and actions; made once, then copied */
    static OldDatabase withEdgeCases(PostgresVersion version, Owner owner, Object... done) throws Exception {
        return with(version, owner, "edge cases", List.of(done));
    }

    /** The same, with one array of ten thousand elements, which takes more than one commit. */
    static OldDatabase withALongArray(PostgresVersion version, Owner owner, Object... done) throws Exception {
        return with(version, owner, "edge cases, one long", List.of(done));
    }

    /** @param done as for {@link #withEdgeCases} */
    static OldDatabase empty(PostgresVersion version, Owner owner, Object... done) throws Exception {
        return with(version, owner, "", List.of(done));
    }

    private static OldDatabase with(PostgresVersion version, Owner owner, String data, List<Object> done)
            throws Exception {
        var name = "phase_0 %s %s %s".formatted(data, owner, done);
        var server = PostgresServer.shared(version);
        var database = done.isEmpty()
                ? server.createDatabase(name, it -> fill(it, owner, data))
                : server.createDatabase(
                        name,
                        () -> with(version, owner, data, done.subList(0, done.size() - 1)).database,
                        it -> new OldDatabase(it, owner).take(done.getLast()));
        if (owner != Owner.SUPERUSER) {
            database.grantCreate(owner.role);
        }
        return new OldDatabase(database, owner);
    }

    private static void fill(PostgresDatabase database, Owner owner, String data) throws Exception {
        database.execute(resource("phase_0.sql"));
        if (!data.isEmpty()) {
            var cases = resource("edge_cases.sql");
            database.execute(data.endsWith("long") ? cases : cases.replace("series(1, 10000)", "series(1, 20)"));
        }
        if (owner != Owner.SUPERUSER) {
            database.execute(OWN.replace(":owner", owner.role).replace(":attributes", owner.attributes));
        }
        database.execute("create schema kept; create table kept.chat_sessions as table public.chat_sessions");
    }

    private void take(Object step) throws SQLException {
        switch (step) {
            case String sql -> execute(sql);
            case Action action when action == Action.COMPLETE -> complete();
            case Action action -> succeed(action);
            default -> throw new IllegalArgumentException(step.toString());
        }
    }

    static String resource(String name) throws IOException {
        try (var file = requireNonNull(OldDatabase.class.getResourceAsStream(name))) {
            return new String(file.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    Map<String, String> environment() {
        return database.environment(owner.role());
    }

    Report run(Action action) {
        return Migration.of(environment()).run(action);
    }

    /** Runs it and fails with the report when a person is needed. */
    Report succeed(Action action) {
        return succeeded(run(action));
    }

    /** What status names on a migrated database, but for the dumps of an owner who does not bypass policies. */
    List<Finding> findings() {
        return ofTheDatabase(succeed(Action.STATUS)).stream()
                .filter(it -> owner != Owner.PLAIN || !it.remedy().contains("docs/backups.md"))
                .toList();
    }

    /** What a report names, but for the release of the server that the tests happen to have. */
    static List<Finding> ofTheDatabase(Report report) {
        return report.findings().stream()
                .filter(it -> !it.finding().startsWith("PostgreSQL "))
                .toList();
    }

    /** Completes it, with the words that status has for that. */
    Report complete() {
        var confirm = String.valueOf(succeed(Action.STATUS).confirm());
        return succeeded(Migration.of(environment()).run(Action.COMPLETE, confirm));
    }

    static Report succeeded(Report report) {
        if (!report.succeeded() || report.callAgain()) {
            throw new AssertionError(report.json());
        }
        return report;
    }

    /** As the superuser, who sees every row. */
    List<String> query(String sql) throws SQLException {
        try (var connection = database.connect(PostgresServer.SUPERUSER)) {
            return query(connection, sql);
        }
    }

    static List<String> query(Connection connection, String sql) throws SQLException {
        try (var statement = connection.createStatement();
                var rows = statement.executeQuery(sql)) {
            var list = new ArrayList<String>();
            while (rows.next()) {
                list.add(String.valueOf(rows.getString(1)));
            }
            return list;
        }
    }

    String value(String sql) throws SQLException {
        return query(sql).getFirst();
    }

    void execute(String sql) throws SQLException {
        database.execute(sql);
    }

    /** A connection of the old application, which works for everybody as the service role. */
    Connection oldApplication() throws SQLException {
        var connection = database.connect(PostgresServer.SUPERUSER);
        try (var statement = connection.createStatement()) {
            statement.execute("set role service_role");
        }
        return connection;
    }

    /** A connection that works for one user, as the functions set it up. */
    Connection caller(String user) throws SQLException {
        var connection = database.connect(PostgresServer.SUPERUSER);
        try (var statement = connection.createStatement()) {
            statement.execute("""
                    set role authenticated;
                    set request.jwt.claims = '{"sub":"%s","role":"authenticated"}'""".formatted(user));
        }
        return connection;
    }

    @Override
    public void close() throws SQLException {
        database.close();
    }
}
