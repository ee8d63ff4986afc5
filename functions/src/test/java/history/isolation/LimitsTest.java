package history.isolation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import history.fixture.Call;
import history.fixture.Person;
import history.fixture.World;
import history.postgres.PostgresServer;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a user writes through the data API, around the limits of ours, is read by everybody's lists. */
final class LimitsTest {
    private static final String DEEP = "(repeat('{\"a\":', 33) || '1' || repeat('}', 33))::jsonb";

    @ParameterizedTest
    @ValueSource(strings = {"'infinity'", "'-infinity'", "'290000-01-01'", "'0044-03-15 BC'", "'1999-12-31'"})
    void refusesTimesThatNoClockShows(String time) throws Exception {
        try (var world = World.create()) {
            refused(
                    world,
                    "insert into conversations (tenant_id, user_id, updated_at) values (:tenant, :user, " + time + ")");
            refused(
                    world,
                    "insert into conversations (tenant_id, user_id, created_at) values (:tenant, :user, " + time + ")");
            accepted(world, "insert into conversations (tenant_id, user_id) values (:tenant, :user)");
            refused(world, "update conversations set created_at = " + time);
            refused(
                    world,
                    "insert into messages (conversation_id, role, content, created_at) select id, 'user', 'x', " + time
                            + " from conversations");
            accepted(world, "update conversations set updated_at = " + time); // which is not for a client to say
            assertEveryListIsRead(world);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "jsonb_build_object('a', repeat('x', 65536))",
                DEEP,
                "'{\"a\": 1e131071}'",
                "'{\"a\": [1e-1001]}'",
                "('{\"a\": 0.' || repeat('1', 1001) || '}')::jsonb",
                "'[1]'",
                "'\"text\"'"
            })
    void refusesMetadataThatAListCouldNotHold(String metadata) throws Exception {
        try (var world = World.create()) {
            refused(
                    world,
                    "insert into conversations (tenant_id, user_id, metadata) values (:tenant, :user, " + metadata
                            + ")");
            accepted(
                    world,
                    "insert into conversations (tenant_id, user_id, metadata) values (:tenant, :user, '{\"a\": 1}')");
            refused(world, "update conversations set metadata = " + metadata);
            refused(
                    world,
                    "insert into messages (conversation_id, role, content, metadata) select id, 'user', 'x', "
                            + metadata + " from conversations");
            assertEveryListIsRead(world);
        }
    }

    @Test
    void refusesAMegabyteAndAByteOfText() throws Exception {
        try (var world = World.create()) {
            accepted(world, "insert into conversations (tenant_id, user_id) values (:tenant, :user)");
            var say =
                    "insert into messages (conversation_id, role, content) select id, 'user', repeat('x', %d) from conversations";
            accepted(world, say.formatted(1024 * 1024));
            refused(world, say.formatted(1024 * 1024 + 1));
            refused(world, "update messages set content = content || 'x'");
            assertEveryListIsRead(world);
        }
    }

    /** What the service writes is not limited, and what a user did not change is not held against them. */
    @Test
    void leavesAloneWhatWasThereBefore() throws Exception {
        try (var world = World.create()) {
            world.execute("""
                    insert into conversations (tenant_id, user_id, metadata) values ('%s', '%s', jsonb_build_object('a', repeat('x', 100000)))""".formatted(world.ada().tenantId(), world.ada().userId()));
            accepted(world, "update conversations set title = 'changed'");
            assertEveryListIsRead(world);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"infinity", "-infinity", "290000-01-01", "0044-03-15 BC"})
    void deliversEveryTimeThatTheServiceWrote(String time) throws Exception {
        try (var world = World.create()) {
            accepted(world, "insert into conversations (tenant_id, user_id) values (:tenant, :user)");
            world.execute("""
                    set session_replication_role = replica;
                    update conversations set created_at = '%1$s', updated_at = '%1$s'""".formatted(time));
            assertEveryListIsRead(world);

            var path = "/api/conversations/"
                    + world.call(Call.get("/api/conversations").as(world.ada()))
                            .json()
                            .path(0)
                            .path("id")
                            .asText();
            var version =
                    world.call(Call.get(path).as(world.ada())).header("etag").orElseThrow();
            var change = Call.patch(path, "{\"title\":\"changed\"}").header("If-Match", version);
            assertEquals(200, world.call(change.as(world.ada())).status());
            assertEquals(412, world.call(change.as(world.ada())).status());
        }
    }

    /** Metadata that is no object shows as {@code {}}, and by itself as it is; what is no part of a UI message is left out of one. */
    @ParameterizedTest
    @ValueSource(strings = {"\"text\"", "1", "null", "[1]"})
    void deliversMetadataAndPartsOfEveryShape(String shape) throws Exception {
        try (var world = World.create()) {
            world.execute("""
                    insert into conversations (tenant_id, user_id, title, metadata) values ('%1$s', '%2$s', 'odd', '%3$s');
                    insert into messages (tenant_id, conversation_id, user_id, role, content, parts)
                    select tenant_id, id, user_id, 'user', 'asked', '[1, "a", null, {}, {"type": 5}, {"type": "text", "text": "asked"}]'
                    from conversations;
                    update messages set metadata = '%3$s'""".formatted(world.ada().tenantId(), world.ada().userId(), shape));
            assertEveryListIsRead(world);
            var listed = world.call(Call.get("/api/conversations").as(world.ada()))
                    .json()
                    .path(0);
            var path = "/api/conversations/" + listed.path("id").asText();
            assertEquals("{}", listed.path("metadata").toString());
            var read = world.call(Call.get(path).as(world.ada())).json();
            assertEquals("{}", read.path("metadata").toString());
            var message = path + "/messages/" + read.at("/messages/0/id").asText();
            assertIsRead(world, Call.get(message), world.ada());
            var whole = Call.get(message).query("field", "metadata").as(world.ada());
            assertEquals(shape, world.call(whole).json().path("content").asText());
            var shown = Call.get(path).query("format", "ui-messages").as(world.ada());
            assertEquals(
                    "[{\"text\":\"asked\",\"type\":\"text\"}]",
                    world.call(shown).json().at("/messages/0/parts").toString());

            var id = listed.path("id").asText();
            for (String text : new String[] {"asked", "edited"}) {
                var call = Call.post(
                        "/api/chat",
                        String.format("""
                                {"id": "%s", "messageId": "%s", "messages": [{"role": "user", "parts": [{"type": "text", "text": "%s"}]}]}""", id, read.at("/messages/0/id").asText(), text));
                var answer = world.call(call.as(world.ada()));
                assertTrue(answer.body().contains("\"type\":\"finish\""), answer::toString);
            }
            assertIsRead(world, Call.get(path).query("include", "replaced,failed"), world.ada());
            world.rollBack();
            assertEveryListIsRead(world);
            world.migrate();
            assertEveryListIsRead(world);
        }
    }

    private static void refused(World world, String sql) throws SQLException {
        var refused = assertThrows(SQLException.class, () -> accepted(world, sql), sql);
        assertEquals("22023", refused.getSQLState(), () -> sql + " " + refused.getMessage());
    }

    private static void accepted(World world, String sql) throws SQLException {
        try (var connection = world.database().connect(PostgresServer.SUPERUSER);
                var statement = connection.createStatement()) {
            statement.execute("""
                    set role authenticated;
                    set request.jwt.claims = '{"sub":"%s"}';
                    """.formatted(world.ada().userId())
                    + sql.replace(":tenant", "'" + world.ada().tenantId() + "'")
                            .replace(":user", "'" + world.ada().userId() + "'"));
        }
    }

    private static void assertEveryListIsRead(World world) throws SQLException {
        var admin = world.person(world.ada().tenantId(), "admin");
        assertIsRead(world, Call.get("/api/conversations"), world.ada());
        assertIsRead(world, Call.get("/api/conversations").query("scope", "tenant"), admin);
        var own = world.call(Call.get("/api/conversations").as(world.ada())).json();
        own.forEach(conversation -> assertIsRead(
                world, Call.get("/api/conversations/" + conversation.path("id").asText()), world.ada()));
    }

    private static void assertIsRead(World world, Call call, Person person) {
        var answer = world.call(call.as(person));
        assertEquals(200, answer.status(), () -> call + " " + answer);
    }
}
