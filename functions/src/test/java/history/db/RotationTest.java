package history.db;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import history.auth.Tokens;
import history.aws.SecretsManager;
import history.fixture.Api;
import history.fixture.Call;
import history.fixture.World;
import history.migration.Action;
import history.migration.Migration;
import history.postgres.PostgresDatabase;
import history.postgres.PostgresServer;
import history.postgres.PostgresVersion;
import history.postgres.Some;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A password that changes while requests come, on a server that asks for it. */
final class RotationTest {
    private static final String ARN = SecretsManager.arn("history/functions");
    private static final UUID ADA = UUID.randomUUID();
    private static final UUID TENANT = UUID.randomUUID();
    private static final String ASK_FOR_PASSWORDS = """
            do $$ begin
                execute format(
                    'copy (values (''host all history_functions 127.0.0.1/32 scram-sha-256''), (''host all all 127.0.0.1/32 trust'')) to %L',
                    current_setting('hba_file'));
            end $$;
            select pg_reload_conf()""";

    private static PostgresServer server;
    private static PostgresDatabase database;
    private static SecretsManager aws;

    @BeforeAll
    static void start() throws Exception {
        server = PostgresServer.startTemporary(PostgresVersion.V18);
        database = server.createDatabase();
        aws = new SecretsManager();
        try (var sql =
                Objects.requireNonNull(RotationTest.class.getResourceAsStream("/history/migration/phase_0.sql"))) {
            database.execute(new String(sql.readAllBytes(), StandardCharsets.UTF_8));
        }
        aws.put(ARN, "{\"username\":\"history_functions\",\"password\":\"first\"}");
        var environment = new HashMap<>(database.environment(PostgresServer.SUPERUSER));
        environment.putAll(aws.keys());
        environment.put("FUNCTIONS_PASSWORD", ARN);
        assertTrue(Migration.of(environment).run(Action.MIGRATE).succeeded());
        database.execute("""
                insert into public.tenants (id, name, subdomain) values ('%1$s', 'demo', 'demo');
                insert into auth.users (id) values ('%2$s');
                insert into public.tenant_users (tenant_id, user_id, role) values ('%1$s', '%2$s', 'user')""".formatted(TENANT, ADA));
        database.execute(ASK_FOR_PASSWORDS);
    }

    @AfterAll
    static void stop() {
        aws.close();
        server.close();
    }

    private static Api api() {
        Map<String, String> environment = new HashMap<>(World.tokens().environment());
        environment.putAll(aws.container());
        environment.put("DATABASE_URL", database.url("history_functions") + "?sslmode=disable");
        environment.put("DATABASE_SECRET", ARN);
        environment.put("CHAT_PROVIDER", "echo");
        return new Api(environment);
    }

    @Test
    @Tag(Some.TAG)
    void losesNoRequest() throws Exception {
        var goesOn = new AtomicBoolean(true);
        try (var callers = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Integer>> traffic = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                traffic.add(callers.submit(caller(goesOn)));
            }
            for (var password : List.of("second", "third")) {
                var secret = "{\"username\":\"history_functions\",\"password\":\"" + password + "\"}";
                var isByHand = password.equals("third");
                if (!isByHand) {
                    aws.prepare(ARN, secret);
                }
                // The database first. Connections end now and then, and a new one needs the password.
                database.execute("alter role history_functions password '" + password + "'");
                // A rotation may take longer than a call has; by hand the secret follows soon.
                for (int i = 0; i < (isByHand ? 1 : 3); i++) {
                    database.execute(
                            "select pg_terminate_backend(pid) from pg_stat_activity where usename = 'history_functions'");
                    Thread.sleep(isByHand ? 800 : 2500);
                }
                aws.put(ARN, secret);
                Thread.sleep(1000);
            }
            goesOn.set(false);
            int answered = 0;
            for (var caller : traffic) {
                answered += caller.get();
            }
            database.execute(
                    "do $$ begin assert (select count(*) from public.messages where role = 'assistant') = %d; end $$"
                            .formatted(answered));
            assertTrue(answered > 0);
        }
    }

    /** A message that was accepted has its answer, each of them. */
    private static Callable<Integer> caller(AtomicBoolean goesOn) {
        return () -> {
            var api = api();
            Tokens tokens = World.tokens();
            var bearer = tokens.user(ADA).tenant(TENANT).bearer();
            int answered = 0;
            while (goesOn.get()) {
                var answer =
                        api.call(Call.post("/api/chat", "{\"message\":\"Hi\"}").header("Authorization", bearer));
                assertEquals(200, answer.status(), answer::body);
                assertEquals(
                        200,
                        api.call(Call.get("/api/conversations").header("Authorization", bearer))
                                .status());
                answered++;
                Thread.sleep(Some.ALL ? 0 : 100);
            }
            return answered;
        };
    }
}
