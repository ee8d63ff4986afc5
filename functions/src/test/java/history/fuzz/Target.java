package history.fuzz;

import static org.junit.jupiter.api.Assertions.assertTrue;

import history.fixture.Answer;
import history.fixture.Call;
import history.fixture.World;
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
        // A stream has begun with 200 when something fails; what is repeated of the input has its quotes escaped.
        boolean isStream = answer.header("content-type").orElse("").startsWith("text/event-stream");
        assertTrue(!isStream || !answer.body().contains("\":\"Something went wrong"), answer::body);
        return answer;
    }
}
