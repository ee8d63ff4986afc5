package history.releases;

import history.fixture.Api;
import history.fixture.Call;
import history.migration.Action;
import history.migration.Migration;
import history.migration.ReleaseDump;
import history.postgres.PostgresDatabase;
import history.postgres.PostgresServer;
import history.postgres.PostgresVersion;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Objects;

/**
 * Dumps a database of this version in every phase, for the tests of those that follow.
 *
 * <p>Arguments: a pg_dump that knows the newest server, and the folder, which is named after the release.
 */
public final class ReleaseDumps {
    private static final String OWNED = """
            grant create on schema public to %1$s;
            grant usage on schema auth to %1$s;
            grant select, references on auth.users to %1$s;
            alter table public.tenants owner to %1$s;
            alter table public.tenant_users owner to %1$s;
            alter table public.chat_sessions owner to %1$s;
            alter function public.handle_updated_at() owner to %1$s""".formatted(ReleaseDump.OWNER);

    /** An array that is converted in several commits; what makes it large stands at its end. */
    private static final String LARGE = """
            insert into public.chat_sessions (id, tenant_id, user_id, title, messages, metadata, created_at, updated_at)
            select 'c0000000-0000-4000-8000-00000000000a', '10000000-0000-4000-8000-00000000000a',
                'a0000000-0000-4000-8000-000000000001', 'large', jsonb_agg(case i when 30
                    then jsonb_build_object('role', 'user', 'content', 'An image', 'image',
                        (select string_agg(md5(j::text), '') from generate_series(1, 2100) j))
                    else jsonb_build_object('role', 'user', 'content', 'Message ' || i) end order by i),
                '{}', '2023-01-01T00:00:00Z', '2023-01-02T00:00:00Z'
            from generate_series(1, 30) i""";

    private static final String EXPAND = """
            set search_path = history_maintenance, pg_temp;
            select history.repair_membership_policies();
            select history.expand();
            """;

    private static final String BACKFILL_SOME = """
            set search_path = history_maintenance, pg_temp;
            do $$ begin
                while not exists (select from history.progress) loop
                    perform history.backfill_batch(1, 8388608, 10);
                end loop;
            end $$""";

    private static final String BACKFILL_ALL = """
            set search_path = history_maintenance, pg_temp;
            do $$ begin
                while (select more from history.backfill_batch(100, 8388608, 8000)) loop
                end loop;
            end $$;
            update history.state set backfilled_to = '00000000-0000-0000-0000-000000000000';
            select history.enter('backfilled')""";

    /** As the old application, which works for everybody. */
    private static final String OLD_APPLICATION = """
            set role service_role;
            insert into public.chat_sessions (id, tenant_id, user_id, title, messages)
            values ('e0000000-0000-4000-8000-000000000001', '10000000-0000-4000-8000-00000000000a',
                'a0000000-0000-4000-8000-000000000001', null, '[{"id":"o1","role":"user","content":"Old"}]');
            update public.chat_sessions set messages = messages || '[{"id":"o2","role":"assistant","content":"Hi"}]'
            where id = 'e0000000-0000-4000-8000-000000000001'""";

    private static final String MEMBERS = """
            insert into auth.users (id, email) values
                ('a0000000-0000-4000-8000-000000000001', 'ada@example.com'),
                ('b0000000-0000-4000-8000-000000000002', 'bob@example.com');
            insert into public.tenants (id, name, subdomain) values
                ('10000000-0000-4000-8000-00000000000a', 'Analytical', 'analytical'),
                ('10000000-0000-4000-8000-00000000000b', 'Boole', 'boole');
            insert into public.tenant_users (tenant_id, user_id, role) values
                ('10000000-0000-4000-8000-00000000000a', 'a0000000-0000-4000-8000-000000000001', 'admin'),
                ('10000000-0000-4000-8000-00000000000b', 'b0000000-0000-4000-8000-000000000002', 'user')""";

    private ReleaseDumps() {}

    public static void main(String[] arguments) throws Exception {
        for (var version : PostgresVersion.values()) {
            var folder =
                    Files.createDirectories(Path.of(arguments[1], version.name().substring(1)));
            for (var phase : List.of("prepared", "expanded", "backfilled", "migrated", "complete", "fresh")) {
                try (var database = PostgresServer.shared(version).createDatabase()) {
                    bringTo(phase, database);
                    Files.writeString(folder.resolve(phase + ".sql"), dump(arguments[0], database));
                }
            }
        }
        // The pools of the functions are not worth waiting for.
        System.exit(0);
    }

    private static void bringTo(String phase, PostgresDatabase database) throws Exception {
        database.execute(resource("releases/roles.sql"));
        database.execute("grant create on database %s to %s".formatted(database.name(), ReleaseDump.OWNER));
        var api = new Api(EarlierReleaseTest.environment(database));
        if (phase.equals("fresh")) {
            database.execute("grant create on schema public to " + ReleaseDump.OWNER);
            run(database, Action.MIGRATE);
            database.execute(MEMBERS);
        } else {
            database.execute(resource("phase_0.sql"));
            database.execute(resource("edge_cases.sql").replace("series(1, 10000)", "series(1, 20)"));
            if (phase.equals("expanded")) {
                database.execute(LARGE);
            }
            database.execute(OWNED);
            run(database, Action.PREPARE);
        }
        call(api, Requests.LIMITED);
        switch (phase) {
            case "expanded" -> {
                asOwner(database, EXPAND);
                asOwner(database, BACKFILL_SOME);
            }
            case "backfilled" -> {
                asOwner(database, EXPAND);
                asOwner(database, BACKFILL_ALL);
            }
            case "migrated", "complete" -> {
                run(database, Action.MIGRATE);
                database.execute(OLD_APPLICATION);
                useRows(api);
            }
            case "fresh" -> useRows(api);
            default -> {}
        }
        if (phase.equals("complete")) {
            run(database, Action.COMPLETE);
            call(api, Requests.ROWS);
        }
    }

    private static void useRows(Api api) {
        call(api, Requests.REPLACED);
        call(api, Requests.ROWS);
    }

    private static void call(Api api, List<Call> calls) {
        for (var call : calls) {
            var answer = api.call(call);
            if (answer.status() / 100 != 2 || answer.body().contains("\"error\"")) {
                throw new AssertionError(call + " was answered " + answer);
            }
        }
    }

    private static void run(PostgresDatabase database, Action action) {
        var migration = Migration.of(database.environment(ReleaseDump.OWNER));
        var confirm = String.valueOf(migration.run(Action.STATUS).confirm());
        var report = action == Action.MIGRATE ? migration.run(action) : migration.run(action, confirm);
        if (!report.succeeded() || report.callAgain()) {
            throw new AssertionError(report.json());
        }
    }

    private static void asOwner(PostgresDatabase database, String sql) throws SQLException {
        try (var connection = database.connect(ReleaseDump.OWNER);
                var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /** Without what only psql understands, a setting that PostgreSQL 15 does not know, and comments between statements. */
    private static String dump(String pgDump, PostgresDatabase database) throws IOException {
        var process = new ProcessBuilder(pgDump, "--rows-per-insert=1000", database.url(PostgresServer.SUPERUSER))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        var text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.onExit().join().exitValue() != 0) {
            throw new IOException("pg_dump failed");
        }
        return text.replaceAll("(?m)^(\\\\.*|SET transaction_timeout.*|--(\n-- .*\n--)?)\n", "")
                        .replaceAll("\n{2,}", "\n\n")
                        .strip()
                + "\n";
    }

    private static String resource(String name) throws IOException {
        try (var file = Objects.requireNonNull(ReleaseDumps.class.getResourceAsStream("/history/migration/" + name))) {
            return new String(file.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
