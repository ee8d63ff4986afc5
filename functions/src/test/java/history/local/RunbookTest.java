package history.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import history.auth.Tokens;
import history.fixture.Api;
import history.fixture.Call;
import history.postgres.PostgresServer;
import history.postgres.PostgresVersion;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The SQL of the runbook's recipes and alarms, on a server of which the owner is no superuser, as on RDS. */
final class RunbookTest {
    private static final UUID ADA = UUID.fromString("0a0a0a0a-0000-4000-8000-0000000000ad");
    private static final Pattern SQL = Pattern.compile("```sql\\n(.*?)```", Pattern.DOTALL);

    private static PostgresServer server;

    @BeforeAll
    static void start() throws Exception {
        server = PostgresServer.startTemporary(PostgresVersion.V15);
        execute("postgres", PostgresServer.SUPERUSER, "create role master login createrole createdb");
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static List<String> recipes() throws Exception {
        return SQL.matcher(Files.readString(Path.of("../docs/runbook.md")))
                .results()
                .map(block -> block.group(1))
                .toList();
    }

    private static void execute(String database, String user, String sql) throws Exception {
        try (var connection = DriverManager.getConnection(
                        "jdbc:" + server.url(database, user).replace(user + "@", "") + "?user=" + user);
                var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /** Invokes the migration function. */
    private static String migrate(String database, String event) throws Exception {
        var handler = LocalRun.handler(
                "history.migration.MigrationHandler", Map.of("DATABASE_URL", server.url(database, "master")));
        var answer = new ByteArrayOutputStream();
        try {
            handler.handleRequest(
                    new ByteArrayInputStream(event.getBytes(StandardCharsets.UTF_8)),
                    answer,
                    LocalContext.of(new Route("POST", "/", "Migration", 900), "request-1"));
            return answer.toString(StandardCharsets.UTF_8);
        } catch (IllegalStateException aPersonIsNeeded) {
            return String.valueOf(aPersonIsNeeded.getMessage());
        }
    }

    private static Api api(String database, Tokens tokens, String audience) {
        Map<String, String> environment = new HashMap<>(tokens.environment());
        environment.put("DATABASE_URL", server.url(database, "history_functions"));
        environment.put("JWT_AUDIENCE", audience);
        environment.put("CHAT_PROVIDER", "echo");
        return new Api(environment);
    }

    private static void chats(Api api, String bearer) throws Exception {
        var said = api.call(Call.post("/api/chat", "{\"message\":\"Hi\"}").header("Authorization", bearer));
        assertEquals(200, said.status(), said::body);
        var list = api.call(Call.get("/api/conversations").header("Authorization", bearer));
        assertEquals(1, new ObjectMapper().readTree(list.body()).size(), list::body);
    }

    @Test
    void theFirstTenantOfAnEmptyDatabaseWithCognito() throws Exception {
        execute("postgres", "master", "create database chat");
        assertTrue(migrate("chat", "{\"action\":\"migrate\"}").contains("\"phase\":\"complete\""));
        execute("chat", "master", recipes().get(0));
        var cognito = Tokens.rs256();
        var access =
                cognito.user(ADA).without("aud").claim("client_id", "client-1").claim("token_use", "access");
        chats(api("chat", cognito, "client-1"), access.bearer());
        for (var look : recipes().subList(2, recipes().size())) {
            execute("chat", "master", look);
        }
    }

    @Test
    void everybodyOfAnApplicationWithoutTenants() throws Exception {
        execute("postgres", "master", "create database app");
        var bob = UUID.randomUUID();
        execute(
                "app",
                "master",
                "create table public.people (id uuid primary key, email text, settings jsonb); "
                        + "insert into public.people values ('" + ADA + "', 'ada@example.com')");
        var blocked = migrate("app", "{\"action\":\"migrate\"}");
        assertTrue(blocked.contains("tables of an application: public.people"), blocked);
        assertTrue(migrate("app", "{\"action\":\"migrate\",\"fresh\":true}").contains("\"phase\":\"complete\""));
        execute("app", "master", recipes().get(1));
        execute("app", "master", "insert into public.people values ('" + bob + "', 'bob@example.com')");
        var tokens = Tokens.es256();
        for (var person : List.of(ADA, bob)) {
            chats(api("app", tokens, Tokens.AUDIENCE), tokens.user(person).bearer());
        }
        var status = migrate("app", "{\"action\":\"status\"}");
        assertFalse(status.contains("\"blocks\":true") || status.contains("join_everybody"), status);
    }
}
