package history.fuzz;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import history.fixture.Answer;
import history.fixture.Call;
import history.fixture.World;
import java.net.URI;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The functions on a real database, and what no answer of theirs may be. */
final class Target {
    /** The database is away or not migrated, the model failed: nothing that an input may cause here, but no bug either. */
    private static final Set<Integer> HONEST_FAILURES = Set.of(502, 503, 504);

    private static @Nullable World world;

    private Target() {}

    /** Made when first asked for, since a fuzzer instruments what is loaded after it; gone with its server. */
    static synchronized World world() {
        if (world == null) {
            world = World.create();
        }
        return world;
    }

    static Answer call(Call call) {
        return checked(world().call(call));
    }

    static Answer callAsAda(Call call) {
        return call(call.as(world().ada()));
    }

    static Answer checked(Answer answer) {
        assertTrue(
                answer.status() < 500 || HONEST_FAILURES.contains(answer.status()),
                () -> answer.status() + " " + answer.body());
        assertTrue(answer.header("cache-control").orElse("").contains("no-store"), answer::toString);
        answer.headers().values().forEach(value -> assertTrue(value.matches("[ -~]*"), answer::toString));
        answer.header("location").ifPresent(Target::assertReference);
        answer.header("link").ifPresent(link -> assertReference(link.replaceAll("^<(.*)>; rel=\"\\w+\"$", "$1")));
        if (answer.header("content-type").orElse("").equals("application/problem+json")
                && !answer.body().isEmpty()) {
            assertReference(answer.json().path("instance").asText());
        }
        // A stream has begun with 200 when something fails; what is repeated of the input has its quotes escaped.
        boolean isStream = answer.header("content-type").orElse("").startsWith("text/event-stream");
        assertTrue(!isStream || !answer.body().contains("\":\"Something went wrong"), answer::body);
        return answer;
    }

    /** A path of this host, whatever was called. */
    private static void assertReference(String reference) {
        var host = URI.create("https://api.example.com/x");
        assertTrue(reference.startsWith("/"), reference);
        assertEquals(host.getAuthority(), host.resolve(reference).getAuthority(), reference);
    }
}
