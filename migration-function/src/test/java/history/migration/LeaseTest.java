package history.migration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import history.migration.OldDatabase.Owner;
import history.postgres.PostgresVersion;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

final class LeaseTest {
    @Test
    void letsOneRunWorkAndTellsTheOtherWhoItIs() throws Exception {
        try (var old = OldDatabase.withEdgeCases(PostgresVersion.V18, Owner.PLAIN)) {
            var reached = new CountDownLatch(1);
            var goOn = new CountDownLatch(1);
            var first = Thread.startVirtualThread(() -> {
                Migration.of(old.environment()).run(new Order(Action.MIGRATE, ""), TimeLeft.UNLIMITED, step -> {
                    if (step.name().equals("expand")) {
                        reached.countDown();
                        await(goOn);
                    }
                });
            });
            reached.await();

            var second = old.run(Action.MIGRATE);

            assertTrue(second.succeeded());
            assertTrue(second.callAgain());
            assertEquals(0, second.steps().size());
            var words = second.findings().getFirst().finding();
            assertTrue(words.contains("process " + ProcessHandle.current().pid() + " runs migrate since"), words);
            goOn.countDown();
            first.join();
            assertEquals("migrated", old.succeed(Action.MIGRATE).phase());
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
