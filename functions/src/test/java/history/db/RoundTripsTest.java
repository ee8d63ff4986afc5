package history.db;

import static org.junit.jupiter.api.Assertions.assertEquals;

import history.fixture.Api;
import history.fixture.Call;
import history.fixture.World;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** How often a request waits for the database, counted on the wire. */
class RoundTripsTest {
    private static final String PATH = "/api/conversations";

    @Test
    void eachEndpointTakesOneRoundTripAndChatTakesTwo() throws Exception {
        try (var world = World.create();
                var proxy = new WireProxy(world.database().server().port())) {
            Map<String, String> environment = new LinkedHashMap<>(world.environment());
            environment.computeIfPresent(
                    "DATABASE_URL", (name, url) -> url.replaceFirst(":\\d+/", ":" + proxy.port() + "/"));
            environment.put("DATABASE_POOL_SIZE", "1");
            environment.put("LIMIT_TURNS_PER_MINUTE", "9");
            environment.put("LIMIT_TOKENS_PER_DAY", "999");
            var api = new Api(environment);
            String id = api.call(Call.post(PATH, "{}").as(world.ada()))
                    .json()
                    .path("id")
                    .asText();
            Call get = Call.get(PATH + "/" + id).as(world.ada());
            Call chat = Call.post("/api/chat", "{\"message\":\"Hello\",\"conversation_id\":\"" + id + "\"}")
                    .as(world.ada());
            Map<Call, Integer> expected = new LinkedHashMap<>();
            expected.put(Call.get(PATH).as(world.ada()), 1);
            expected.put(Call.post(PATH, "{\"title\":\"x\"}").as(world.ada()), 1);
            expected.put(get, 1);
            expected.put(chat, 2);
            expected.put(Call.patch(PATH + "/" + id, "{\"title\":\"y\"}").as(world.ada()), 1);
            expected.put(Call.delete(PATH + "/" + id).as(world.ada()), 1);
            // Each function has its own connection and checks its role on it once.
            api.call(Call.get(PATH).as(world.ada()));
            api.call(get);
            api.call(chat);
            api.call(Call.patch(PATH + "/" + id, "{}").as(world.ada()));
            api.call(Call.delete(PATH + "/00000000-0000-0000-0000-000000000000").as(world.ada()));
            proxy.roundTrips();
            expected.forEach((call, roundTrips) -> {
                int status = api.call(call).status();
                assertEquals(2, status / 100, call.method() + " answered " + status);
                assertEquals(roundTrips, proxy.roundTrips(), call.method() + " " + call.path());
            });
        }
    }
}
