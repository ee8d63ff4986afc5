package history.conversation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import history.fixture.Answer;
import history.fixture.Call;
import history.fixture.World;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Who belongs to a tenant that is not active goes on reading, and changes nothing through the API. */
final class InactiveTenantTest {
    private static final String PATH = "/api/conversations";

    @Test
    void readsAndChangesNothing() throws Exception {
        try (var world = World.create()) {
            readsAndChangesNothing(world, "rows");
        }
    }

    @Test
    void stopsAndDeletesNoMessage() throws Exception {
        try (var world = World.create()) {
            var said =
                    call(world, Call.post("/api/chat", "{\"message\":\"Hi\"}")).json();
            var id = said.path("conversation_id").asText();
            var message = PATH + "/" + id + "/messages/"
                    + said.path("message").path("id").asText();
            status(world, "suspended");
            assertEquals(403, call(world, Call.delete(message)).status());
            assertEquals(
                    403, call(world, Call.post("/api/chat/" + id + "/stop", "")).status());
            assertEquals(200, call(world, Call.get(message)).status());
            status(world, "active");
            assertEquals(204, call(world, Call.delete(message)).status());
        }
    }

    @Test
    void readsAndChangesNothingBeforeTheMigration() throws Exception {
        try (var world = World.beforeMigration()) {
            var stop = Call.post("/api/chat/none/stop", "");
            var delete = Call.delete(PATH + "/none/messages/none");
            for (Call call : List.of(stop, delete)) {
                assertEquals(503, call(world, call).status());
                status(world, "suspended");
                assertEquals(403, call(world, call).status());
                status(world, "active");
            }
            readsAndChangesNothing(world, "arrays");
        }
    }

    private static void readsAndChangesNothing(World world, String edition) throws Exception {
        var created = call(world, Call.post(PATH, "{\"title\":\"kept\"}"));
        assertEquals(201, created.status(), created::body);
        var path = PATH + "/" + created.json().path("id").asText();
        for (String status : List.of("inactive", "suspended")) {
            status(world, status);
            var before = call(world, Call.get(path)).body();
            for (Call change : List.of(
                    Call.post(PATH, "{}"),
                    Call.patch(path, "{\"title\":\"changed\"}"),
                    Call.delete(path),
                    Call.delete(PATH + "/" + UUID.randomUUID()),
                    Call.post("/api/chat", "{\"message\":\"Hi\"}"),
                    Call.post(
                            "/api/chat",
                            "{\"message\":\"Hi\",\"conversation_id\":\""
                                    + created.json().path("id").asText() + "\"}"),
                    Call.post(
                            "/api/chat",
                            "{\"id\":\"chat\",\"messages\":[{\"id\":\"m\",\"role\":\"user\",\"parts\":[{\"type\":\"text\",\"text\":\"Hi\"}]}]}"))) {
                var refused = call(world, change);
                assertEquals(403, refused.status(), () -> edition + " " + change + refused.body());
                assertTrue(refused.json().path("detail").asText().contains("not active"), refused::body);
            }
            assertEquals(before, call(world, Call.get(path)).body());
            assertEquals(1, call(world, Call.get(PATH)).json().size());
            assertEquals(201, world.call(Call.post(PATH, "{}").as(world.bob())).status());
        }
        status(world, "active");
        assertEquals(
                200, call(world, Call.patch(path, "{\"title\":\"changed\"}")).status());
        status(world, "suspended");
        world.execute("update public.tenants set status = null");
        assertEquals(
                200, call(world, Call.patch(path, "{\"title\":\"never said\"}")).status());
        world.execute("alter table public.tenants drop column status");
        assertEquals(
                200,
                call(world, Call.patch(path, "{\"title\":\"changed again\"}")).status());
    }

    private static Answer call(World world, Call call) {
        return world.call(call.as(world.ada()));
    }

    private static void status(World world, String status) throws Exception {
        world.execute("update public.tenants set status = '%s' where id = '%s'"
                .formatted(status, world.ada().tenantId()));
    }
}
