package history.bench;

import history.fixture.World;
import java.util.logging.Level;
import java.util.logging.Logger;

/** Runs the benchmarks of the functions, each in a world of its own on the embedded PostgreSQL. */
public final class Benchmarks {
    private static final Logger LOG = Logger.getLogger("");

    private Benchmarks() {}

    public static void main(String[] arguments) throws Exception {
        LOG.setLevel(Level.WARNING);
        try (var world = World.create()) {
            new ListBenchmark(world).run();
        }
        System.out.println("\nA turn with the echo model, as its conversation grows");
        ChatGrowth.main(arguments);
        // What is left, such as idle connections, is not worth waiting for.
        System.exit(0);
    }
}
