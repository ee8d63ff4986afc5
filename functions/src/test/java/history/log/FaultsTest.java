package history.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import history.auth.Tokens;
import history.fixture.Answer;
import history.fixture.Api;
import history.fixture.Call;
import history.fixture.World;
import history.migration.Action;
import history.migration.Migration;
import history.text.Json;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Whatever breaks at night is one line in the log, from which the runbook leads to the cause and to no other, and one honest
 * answer. When it is mended, the same message is taken once.
 */
final class FaultsTest {
    private static final String WORDS = "words-that-nobody-else-may-read";
    private static final Duration SOON = Duration.ofMillis(2500);

    private static final String WRITE_HBA = """
            do $$ begin execute format('copy (select line from public.hba, regexp_split_to_table(text, chr(10)) line) to %L',
                current_setting('hba_file')); end $$;
            select pg_reload_conf();
            select pg_sleep(0.3)""";

    private final World world = World.create();
    private final Runbook runbook = new Runbook();
    private final Lines log = new Lines();

    @AfterEach
    void close() {
        log.close();
        world.close();
    }

    private Call chat() {
        return Call.post("/api/chat", "{\"message\":\"" + WORDS + "\"}")
                .header("Idempotency-Key", "key")
                .as(world.ada());
    }

    private Api changed(String... variables) {
        Map<String, String> environment = new LinkedHashMap<>(world.environment());
        environment.put("DATABASE_POOL_SIZE", "1");
        for (int i = 0; i < variables.length; i += 2) {
            environment.put(variables[i], variables[i + 1]);
        }
        return new Api(environment);
    }

    /** As an operator sees it. */
    private JsonNode leads(String cause, String problem, Answer answer) {
        var line = log.only();
        runbook.leads(line, cause);
        assertFalse(line.contains(WORDS), line);
        for (var part :
                String.valueOf(world.ada().bearer()).replace("Bearer ", "").split("\\.", -1)) {
            assertFalse(line.contains(part), line);
        }
        assertFalse(line.contains("a-wrong-password"), line);
        var json = Json.tree(line);
        assertEquals(
                problem,
                json.path("status").asText() + " "
                        + answer.json().path("type").asText().replaceFirst(".*:", ""),
                line);
        assertEquals(answer.status(), json.path("status").asInt());
        assertEquals(answer.status() == 503, answer.header("retry-after").isPresent());
        for (var name : List.of(
                "route",
                "duration_ms",
                "start",
                "request_id",
                "function_request_id",
                "database_ms",
                "database_trips")) {
            assertTrue(json.has(name), name + " in " + line);
        }
        assertEquals(answer.status() >= 500 ? 1 : 0, json.path("errors").asInt());
        assertEquals(
                answer.status() == 503 && json.has("sqlstate") ? 1 : 0,
                json.path("database_unavailable").asInt(),
                line);
        return json;
    }

    /** The message is there once, with its answer. */
    private void takesIt(Api api) throws SQLException {
        var answer = api.call(chat());
        assertEquals(200, answer.status(), answer::body);
        world.execute("""
                do $$ begin assert (select array_agg(role || ' ' || status order by seq) from public.messages where current)
                    = '{user completed, assistant completed}', 'taken once'; end $$""");
        log.forget();
    }

    private String url(String from, String to) {
        return world.environment().getOrDefault("DATABASE_URL", "").replaceFirst(from, to);
    }

    @Test
    void aDatabaseThatIsNotThere() throws Exception {
        int port;
        try (var free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        var line = leads(
                "nothing answers at the host",
                "503 unavailable",
                changed("DATABASE_URL", url(":\\d+/", ":" + port + "/")).call(chat()));
        assertEquals("08001", line.path("sqlstate").asText());
        assertTrue(line.path("message").asText().contains("127.0.0.1:" + port), line.toString());
        takesIt(world.api());
    }

    @Test
    void aPasswordThatIsWrong() throws Exception {
        world.execute("create table public.hba as select pg_read_file(current_setting('hba_file')) as text");
        var rule = "'host %s history_functions 127.0.0.1/32 scram-sha-256' || chr(10)"
                .formatted(world.database().name());
        world.execute("update public.hba set text = " + rule + " || text;" + WRITE_HBA);
        try {
            var api = changed("DATABASE_URL", url("history_functions", "history_functions:a-wrong-password"));
            leads("the database does not take", "503 unavailable", api.call(chat()));
        } finally {
            world.execute("update public.hba set text = replace(text, " + rule + ", '');" + WRITE_HBA);
        }
        takesIt(world.api());
    }

    @Test
    void aMigrationThatHasNotRun() throws Exception {
        try (var empty = world.database().server().createDatabase()) {
            var line = leads(
                    "the migration has not run",
                    "503 migration-pending",
                    changed("DATABASE_URL", empty.url(World.FUNCTIONS_ROLE)).call(chat()));
            assertEquals("WARN", line.path("level").asText());
        }
    }

    @Test
    void aRoleWithoutItsMembershipOrARight() throws Exception {
        var warm = changed();
        var list = Call.get("/api/conversations").as(world.ada());
        assertEquals(200, warm.call(list).status());
        log.forget();
        world.execute("revoke authenticated from history_functions");
        try {
            leads(
                    "somebody revoked what the functions' role needs",
                    "503 migration-pending",
                    changed().call(chat()));
            leads("the same, seen by functions that were warm", "500 internal", warm.call(list));
        } finally {
            world.execute("grant authenticated to history_functions");
        }
        world.execute("revoke usage on schema history from authenticated");
        leads(
                "somebody revoked a right on the schema",
                "503 migration-pending",
                changed().call(chat()));
        world.execute(
                "grant usage on schema history to authenticated; revoke insert on public.conversations from authenticated");
        leads("somebody revoked a right on a table", "500 internal", warm.call(chat()));
        world.execute("grant insert on public.conversations to authenticated");
        takesIt(warm);
    }

    @Test
    void aPolicyThatWasDropped() throws Exception {
        world.execute("drop policy own_insert on public.conversations");
        var line = leads("a policy was dropped, altered or added", "500 internal", world.call(chat()));
        assertEquals("42501", line.path("sqlstate").asText());
        assertEquals("ERROR", line.path("level").asText());
        world.migrate();
        takesIt(world.api());
        world.execute("drop policy own_update on public.conversations");
        var again = chat().header("Idempotency-Key", "another");
        leads("a policy was dropped or altered by hand: a user does not see", "500 internal", world.call(again));
    }

    @Test
    void aLockOfAForgottenSessionAndAStatementThatTakesTooLong() throws Exception {
        try (var forgotten = world.database().connect("postgres")) {
            forgotten.setAutoCommit(false);
            forgotten.createStatement().execute("lock table public.messages in access exclusive mode");
            var line =
                    leads("somebody holds a lock", "503 unavailable", changed().callWithin(SOON, chat()));
            assertEquals("55P03", line.path("sqlstate").asText());
        }
        world.execute("""
                create function public.slow() returns trigger language plpgsql as $$ begin perform pg_sleep(60); return new; end $$;
                create trigger slow before insert on public.messages for each row execute function public.slow()""");
        leads("the statement itself took too long", "503 unavailable", changed().callWithin(SOON, chat()));
        world.execute("drop trigger slow on public.messages");
        takesIt(world.api());
    }

    @Test
    void aServerThatIsReadOnly() throws Exception {
        var role = "alter role history_functions in database %s "
                .formatted(world.database().name());
        world.execute(role + "set default_transaction_read_only = on");
        leads("the server is read-only", "503 unavailable", changed().call(chat()));
        assertEquals(
                200,
                changed().call(Call.get("/api/conversations").as(world.ada())).status());
        world.execute(role + "reset default_transaction_read_only");
        takesIt(world.api());
    }

    @Test
    void aRoleWithoutRowSecurity() throws Exception {
        var role = "alter role history_functions in database %s "
                .formatted(world.database().name());
        world.execute(role + "set row_security = off");
        var api = changed();
        leads("`row_security` is off", "500 internal", api.call(chat()));
        world.execute(role + "reset row_security");
        takesIt(api); // with a new connection: the old one keeps its default
    }

    @Test
    void aRoleThatMayNotConnect() throws Exception {
        var database = world.database().name();
        world.execute("revoke connect on database %s from public, history_functions".formatted(database));
        var api = changed();
        var line = leads("nobody has granted", "503 unavailable", api.call(chat()));
        assertEquals("42501", line.path("sqlstate").asText());
        assertTrue(line.path("message").asText().contains("grant connect on database"), line.toString());
        world.migrate();
        takesIt(api);
    }

    @Test
    void aRoleThatMayNotLogIn() throws Exception {
        world.execute("alter role history_functions nologin");
        try {
            leads("the server does not let", "503 unavailable", changed().call(chat()));
        } finally {
            world.execute("alter role history_functions login");
        }
        takesIt(world.api());
    }

    @Test
    void aRoleThatHasNoConnectionLeft() throws Exception {
        world.execute("alter role history_functions connection limit 0");
        try {
            leads("every connection", "503 unavailable", changed().call(chat()));
        } finally {
            world.execute("alter role history_functions connection limit -1");
        }
        takesIt(world.api());
    }

    /** What the table's file is written to has no space: the kernel says so. */
    @Test
    @EnabledOnOs(OS.LINUX)
    void aDiskThatIsFull() throws Exception {
        Path file = table();
        Path aside = file.resolveSibling(file.getFileName() + ".aside");
        Files.move(file, aside);
        Files.createSymbolicLink(file, Path.of("/dev/full"));
        try {
            var line = leads(
                    "the disk of the database is full",
                    "503 unavailable",
                    changed().call(chat()));
            assertEquals("53100", line.path("sqlstate").asText());
        } finally {
            Files.delete(file);
            Files.move(aside, file);
            world.execute(
                    "select pg_terminate_backend(pid, 5000) from pg_stat_activity where usename = 'history_functions'");
        }
        takesIt(world.api());
    }

    /** A trigger of the team's refuses the answer: whatever it raises, the answer is counted, and the client knows what to send again. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "22P05", "22001", "22P02", "22023", "54000", "54001", "42501", "42P01", "42883", "P0001", "PT410",
                "PT429"
            })
    void anAnswerThatATriggerRefuses(String state) throws Exception {
        refuseAnswers(state);
        var answer = changed().call(chat());
        var line = notStored(state, answer);
        assertEquals(
                "500 urn:conversation-history:internal",
                answer.status() + " " + answer.json().path("type").asText());
        assertTrue(
                answer.json()
                        .path("detail")
                        .asText()
                        .startsWith(
                                "The answer could not be stored. Your message is stored; send it again to get an answer"),
                answer.body());
        assertFalse(line.has("database_unavailable"), line.toString());
        world.execute("""
                do $$ begin assert (select status = 'failed' and lease_until is null from public.messages where role = 'assistant'),
                    'does not stay running'; end $$; drop trigger refuse on public.messages""");
        takesIt(changed());
    }

    /** What it does wrong is no fault of the request. */
    @ParameterizedTest
    @CsvSource({
        "22012, perform 1 / 0",
        "22P02, perform new.content::json",
        "22011, perform substring(new.content from 1 for -1)"
    })
    void aTriggerOfTheTeamsThatFails(String state, String body) throws Exception {
        world.execute("""
                create function public.fails() returns trigger language plpgsql as $$ begin BODY; return new; end $$;
                create trigger fails before insert on public.messages for each row execute function public.fails()""".replace("BODY", body));
        var line = leads(
                "a trigger or another function of your own failed",
                "500 internal",
                changed().call(chat()));
        assertEquals(state, line.path("sqlstate").asText());
        assertTrue(line.path("stack_trace").asText().contains("public.fails() line 1"), line.toString());
        world.execute("drop trigger fails on public.messages");
        takesIt(changed());
    }

    /** The last try has no time left, which is not the cause. */
    @Test
    void anAnswerThatAnOutageRefusesUntilTheTimeIsOver() throws Exception {
        refuseAnswers("53100");
        var answer = changed().callWithin(Duration.ofMillis(4500), chat());
        var line = notStored("53100", answer);
        assertTrue(line.path("message").asText().contains("SQLSTATE 53100"), line.toString());
        assertEquals(503, answer.status());
        assertTrue(answer.json().path("detail").asText().startsWith("The answer may not be stored. "), answer.body());
    }

    /** Nothing of a turn is stored whose rows are not, wherever they are kept back. */
    @ParameterizedTest
    @ValueSource(
            strings = {"insert on public.messages", "insert on public.conversations", "update on public.conversations"})
    void aTriggerThatSwallowsARow(String event) throws Exception {
        swallow(event + " for each row");
        var line = leads(
                "a trigger of your own returns null", "500 internal", changed().call(chat()));
        assertEquals("09000", line.path("sqlstate").asText());
        if (event.startsWith("insert on public.conversations")) {
            leads(
                    "a trigger of your own returns null",
                    "500 internal",
                    changed().call(Call.post("/api/conversations", "{}").as(world.ada())));
        }
        world.execute("drop trigger swallow on " + event.replaceFirst(".* on ", ""));
        world.execute("""
                do $$ begin assert not exists (select from public.conversations) and not exists (select from public.messages),
                    'nothing is stored'; end $$""");
        takesIt(changed());
        var verified = Migration.of(world.database().environment("postgres")).run(Action.VERIFY);
        assertTrue(verified.succeeded(), verified::json);
    }

    /** The plan that does nothing in place of the insert would stay with the connection. */
    @Test
    void aRuleThatSwallowsRowsAndIsGone() throws Exception {
        var api = changed();
        world.execute("create rule swallow as on insert to public.conversations do instead nothing");
        assertEquals(500, api.call(chat()).status());
        world.execute("drop rule swallow on public.conversations");
        takesIt(api);
    }

    @Test
    void aTriggerThatSwallowsAnAnswer() throws Exception {
        swallow("update on public.messages for each row when (new.status = 'completed')");
        var answer = changed().call(chat());
        notStored("09000", answer);
        assertEquals(500, answer.status());
        world.execute("drop trigger swallow on public.messages");
        takesIt(changed());
    }

    /** Nothing of a deletion is done whose rows are kept back, also where another table's deletion leads to it. */
    @ParameterizedTest
    @CsvSource({
        "trigger, conversations, ",
        "rule, conversations, ",
        "trigger, messages, ",
        "rule, messages, ",
        "trigger, messages, /messages/",
        "rule, messages, /messages/"
    })
    void aTriggerOrARuleThatSwallowsADeletion(String kind, String table, @Nullable String part) throws Exception {
        takesIt(changed());
        var conversation = "/api/conversations/"
                + changed()
                        .call(Call.get("/api/conversations").as(world.ada()))
                        .json()
                        .path(0)
                        .path("id")
                        .asText();
        var message = changed()
                .call(Call.get(conversation).as(world.ada()))
                .json()
                .at("/messages/0/id")
                .asText();
        log.forget();
        if (kind.equals("rule")) {
            world.execute("create rule swallow as on delete to public." + table + " do instead nothing");
        } else {
            swallow("delete on public." + table + " for each row");
        }
        var delete = Call.delete(part == null ? conversation : conversation + part + message)
                .as(world.ada());
        var line = leads(
                "a trigger of your own returns null", "500 internal", changed().call(delete));
        assertEquals("09000", line.path("sqlstate").asText());
        world.execute("""
                do $$ begin assert (select count(*) from public.messages) = 2 and (select sum(message_count) from public.conversations) = 2
                    and not exists (select from history.deleted), 'nothing is deleted'; end $$;
                drop KIND swallow on public.TABLE""".replace("KIND", kind).replace("TABLE", table));
        log.forget();
        assertEquals(204, changed().call(delete).status());
        world.execute("do $$ begin assert not exists (select from public.messages), 'deleted'; end $$");
    }

    private void swallow(String event) throws SQLException {
        world.execute("""
                create function public.swallow() returns trigger language plpgsql as 'begin return null; end';
                create trigger swallow before EVENT execute function public.swallow()""".replace("EVENT", event));
    }

    private void refuseAnswers(String state) throws SQLException {
        world.execute("""
                create function public.refuse() returns trigger language plpgsql as $$
                begin
                    if new.status = 'completed' and new.role = 'assistant' then
                        raise exception using errcode = 'STATE', message = case when 'STATE' like '22%' then new.content else 'no' end;
                    end if;
                    return new;
                end $$;
                create trigger refuse before insert or update on public.messages for each row execute function public.refuse()""".replace("STATE", state));
    }

    private JsonNode notStored(String state, Answer answer) {
        var text = log.only();
        assertFalse(text.contains(WORDS), text);
        var line = Json.tree(text);
        assertEquals("ERROR", line.path("level").asText(), text);
        assertEquals(1, line.path("answers_not_stored").asInt(), text);
        assertEquals(state, line.path("sqlstate").asText(), text);
        assertTrue(line.path("stack_trace").asText().contains("history.chat.turn.Turns.finish"), text);
        for (var name : List.of("conversation_id", "message_id", "user_message_id")) {
            assertTrue(answer.json().hasNonNull(name), answer.body());
        }
        return line;
    }

    private Path table() throws SQLException {
        try (var connection = world.database().connect("postgres");
                var statement = connection.createStatement();
                var row = statement.executeQuery(
                        "select current_setting('data_directory') || '/' || pg_relation_filepath('public.messages')")) {
            row.next();
            return Path.of(row.getString(1));
        }
    }

    @Test
    void aTenantThatIsSuspendedAndAUserOfNone() throws Exception {
        world.execute("update public.tenants set status = 'suspended'");
        var line = leads("somebody suspended the tenant", "403 forbidden", world.call(chat()));
        assertEquals(world.ada().tenantId().toString(), line.path("tenant").asText());
        assertEquals(world.ada().userId().toString(), line.path("user").asText());
        world.execute("update public.tenants set status = 'active'");
        takesIt(world.api());
        world.execute("delete from public.tenant_users");
        leads("the user is in no tenant", "403 forbidden", world.call(chat()));
    }

    @Test
    void tokensThatNobodyTakes() throws Exception {
        leads(
                "`JwtIssuer` is not",
                "401 unauthorized",
                changed("JWT_ISSUER", "https://another.example.com").call(chat()));
        leads(
                "`JwtAudience` is not",
                "401 unauthorized",
                changed("JWT_AUDIENCE", "another").call(chat()));
        leads(
                "`JwtKeys` or `JwtSecret` is",
                "401 unauthorized",
                changed("JWT_SECRET", "another-secret-of-thirty-two-bytes").call(chat()));
        var token = World.tokens().user(world.ada().userId());
        leads(
                "a client that does not refresh",
                "401 unauthorized",
                world.call(chat().header(
                                "Authorization",
                                token.expiresIn(Duration.ofHours(-1)).bearer())));
        takesIt(world.api());
    }

    @Test
    void keysThatCannotBeFetched() throws Exception {
        var tokens = Tokens.es256();
        Map<String, String> environment = new LinkedHashMap<>(world.environment());
        environment.keySet().removeIf(name -> name.startsWith("JWT_"));
        environment.putAll(tokens.environment());
        environment.remove("JWT_JWKS");
        environment.put("JWT_JWKS_URL", "http://127.0.0.1:1/jwks.json");
        var api = new Api(environment);
        var call =
                chat().header("Authorization", tokens.user(world.ada().userId()).bearer());
        for (int i = 0; i < 2; i++) {
            leads("the issuer's keys cannot be fetched", "503 unavailable", api.call(call));
        }
    }
}
