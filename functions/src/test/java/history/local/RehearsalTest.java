package history.local;

import static history.local.Client.json;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/** Does what a developer does after {@code ./mvnw -Plocal -Drehearse}. */
@Timeout(180)
@Tag("hunt")
@EnabledIfSystemProperty(named = "hunt", matches = "true")
final class RehearsalTest {
    private static final String ADMIN = "{\"email\":\"admin@example.com\",\"tenant\":\"demo\",\"role\":\"admin\"}";

    private final List<String> said = new ArrayList<>();

    @TempDir
    private Path folder;

    @Test
    void leadsThroughEveryPhaseWhileTheOldApplicationWrites() throws Exception {
        try (var run = start()) {
            var database = DatabaseUrl.parse(run.await("  Database: "));
            var local = run.client();
            var ada = local.login(Client.ADA);
            say(ada, "Before");
            assertEquals(503, scopeOfTheTenant(local).statusCode());
            assertEquals("prepared", migrate(local, "status", 200).path("phase").asText());
            migrate(local, "verify", 409);

            migrate(local, "migrate", 200);
            assertBothSidesAgree(local);
            say(ada, "After");
            mend(local, ada);
            migrate(local, "verify", 200);
            awaitWrites(local);

            migrate(local, "rollback", 200);
            assertTrue(state(local).path("new_side").isNull());
            say(ada, "Back");
            awaitWrites(local);
            migrate(local, "migrate", 200);
            assertBothSidesAgree(local);
            awaitWrites(local);

            var off = json(local.send(local.post("/local/rehearsal", "{\"writing\":false}")), 200);
            assertEquals(false, off.at("/old_application/writing").asBoolean(true));
            var confirm = migrate(local, "status", 200).path("confirm");
            var complete = new ObjectMapper().createObjectNode().put("action", "complete");
            json(
                    local.send(local.post(
                            "/local/migration", complete.set("confirm", confirm).toString())),
                    200);

            var state = state(local);
            assertEquals("complete", state.path("phase").asText());
            assertTrue(state.path("old_side").isNull());
            assertEquals(0, state.at("/old_application/failures").asInt(), state.toString());
            var stored =
                    "select count(distinct content) from messages where content ~ ' the old application$' or content in ('%s')"
                            .formatted(String.join("', '", said));
            assertEquals(state.at("/old_application/writes").asInt() + said.size(), number(database, stored));
            assertEquals(200, scopeOfTheTenant(local).statusCode());
        }
        try (var again = start()) {
            assertEquals("prepared", state(again.client()).path("phase").asText());
        }
    }

    private static void mend(Client local, Client ada) throws Exception {
        var entries = json(local.send(local.get("/local/quarantine")), 200);
        var noon = entries.valueStream()
                .filter(entry -> entry.at("/element/content").asText().equals("Noon."))
                .findFirst()
                .orElseThrow();
        assertEquals("role_missing", noon.path("reason").asText());
        assertEquals(422, mend(local, "{\"merge\":{\"role\":\"user\"}}").statusCode());
        json(mend(local, "{\"reason\":\"role_missing\",\"merge\":{\"role\":\"assistant\"}}"), 200);
        migrate(local, "migrate", 200);

        var path = "/api/conversations/" + noon.path("conversation_id").asText();
        var last = json(ada.send(ada.get(path)), 200).path("messages").path(1);
        assertEquals(
                "3 assistant Noon.",
                "%s %s %s"
                        .formatted(
                                last.path("seq").asInt(),
                                last.path("role").asText(),
                                last.path("content").asText()));
        var left = json(local.send(local.get("/local/quarantine")), 200);
        assertTrue(left.valueStream()
                .noneMatch(entry -> entry.path("reason").asText().equals("role_missing")));
    }

    private static HttpResponse<String> mend(Client local, String body) throws Exception {
        return local.send(local.post("/local/quarantine", body));
    }

    /** Of one moment, although the old application writes: each element is a row or in quarantine. */
    private static void assertBothSidesAgree(Client local) throws Exception {
        var state = state(local);
        assertEquals("migrated", state.path("phase").asText());
        assertEquals(0, state.at("/new_side/pending").asInt());
        assertEquals(state.at("/old_side/sessions"), state.at("/new_side/conversations"));
        assertEquals(
                state.at("/old_side/elements").asInt(),
                state.at("/new_side/messages").asInt()
                        + state.at("/new_side/quarantined").asInt());
    }

    private static void awaitWrites(Client local) throws Exception {
        var enough = state(local).at("/old_application/writes").asInt() + 6;
        while (state(local).at("/old_application/writes").asInt() < enough) {
            Thread.sleep(100);
        }
    }

    private void say(Client ada, String message) throws Exception {
        json(ada.send(ada.post("/api/chat", "{\"message\":\"%s\"}".formatted(message))), 200);
        said.add(message);
    }

    private static HttpResponse<String> scopeOfTheTenant(Client local) throws Exception {
        var admin = local.login(ADMIN);
        return admin.send(admin.get("/api/conversations?scope=tenant"));
    }

    private static JsonNode state(Client local) throws Exception {
        return json(local.send(local.get("/local/rehearsal")), 200);
    }

    private static JsonNode migrate(Client local, String action, int status) throws Exception {
        return json(local.send(local.post("/local/migration", "{\"action\":\"%s\"}".formatted(action))), status);
    }

    private static int number(DatabaseUrl database, String sql) throws Exception {
        try (var connection = database.connect();
                var statement = connection.createStatement();
                var rows = statement.executeQuery(sql)) {
            rows.next();
            return rows.getInt(1);
        }
    }

    private LocalProcess start() throws Exception {
        var environment = Map.of("PORT", "0", "LOCAL_DATA_DIR", folder.toString(), "LOCAL_REHEARSE", "true");
        return LocalProcess.start(environment).awaitReady();
    }
}
