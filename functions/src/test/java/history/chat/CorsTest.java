package history.chat;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import history.fixture.Answer;
import history.fixture.Api;
import history.fixture.Call;
import history.fixture.Configured;
import history.fixture.World;
import history.http.Cors;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Pages of other origins, where the gateway leaves them to the functions. */
class CorsTest {
    private static final World WORLD = World.create();
    private static final String PAGE = "https://app.example.com";
    private static final String ALLOWED = "access-control-allow-origin";

    @AfterAll
    static void close() {
        WORLD.close();
    }

    private static Answer call(String origins, String method, String origin) {
        Map<String, String> environment = new LinkedHashMap<>(WORLD.environment());
        environment.put("CORS_ORIGINS", origins);
        var call = new Call(
                        method,
                        "/api/chat",
                        Map.of(),
                        Map.of("Content-Type", "application/json"),
                        "{\"message\":\"Hi\"}")
                .header("Origin", origin)
                .header("Access-Control-Request-Method", "POST");
        return new Api(environment)
                .with(method + " /api/chat", new ChatHandler(environment))
                .call(call.as(WORLD.ada()));
    }

    @Test
    void answersAPreflightWithoutAToken() {
        var answer = call(PAGE + ", https://other.example.com", "OPTIONS", PAGE);
        assertEquals(204, answer.status());
        assertEquals(Optional.of(PAGE), answer.header(ALLOWED));
        assertEquals(Optional.of("POST"), answer.header("access-control-allow-methods"));
        assertTrue(answer.header("access-control-allow-headers").orElse("").contains("Authorization"));
        assertEquals(Optional.of("Origin"), answer.header("vary"));
    }

    @Test
    void letsAPageReadResponsesAndRefusals() {
        for (String method : List.of("POST", "PUT")) {
            var answer = call("*", method, PAGE);
            assertEquals(method.equals("POST") ? 200 : 405, answer.status());
            assertEquals(Optional.of("*"), answer.header(ALLOWED));
            assertTrue(answer.header("access-control-expose-headers").orElse("").contains("Retry-After"));
        }
    }

    @Test
    void saysNothingToOtherOrigins() {
        var answer = call(PAGE, "POST", "https://evil.example.com");
        assertEquals(200, answer.status());
        assertEquals(Optional.empty(), answer.header(ALLOWED));
        assertEquals(Optional.of("Origin"), answer.header("vary"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "x",
                "null",
                "https://a b",
                "https://a.b/",
                "https://App.example.com",
                "https://*.example.com",
                "https://a.b:0",
                "https://ada@a.b",
                "a.b",
                "https://"
            })
    void whatIsNoOriginStopsTheStart(String origin) {
        var environment = Map.of("CORS_ORIGINS", PAGE + "," + origin);
        var message = assertThrows(IllegalArgumentException.class, () -> Configured.read(environment, Cors::from))
                .getMessage();
        assertTrue(String.valueOf(message).startsWith("CORS_ORIGINS must be *, or origins"), message);
    }

    @ParameterizedTest
    @ValueSource(strings = {"*", "http://localhost:5173", "http://[::1]:3000", "capacitor://localhost"})
    void takesWhatBrowsersSend(String origin) {
        assertEquals(new Cors(Set.of(origin)), Configured.read(Map.of("CORS_ORIGINS", origin), Cors::from));
    }

    @Test
    void leavesItToAGatewayThatDoesIt() {
        assertEquals(405, call("", "OPTIONS", PAGE).status());
        assertEquals(Optional.empty(), call("", "POST", PAGE).header(ALLOWED));
    }
}
