package history.bench;

import history.fixture.Call;
import history.fixture.World;
import java.util.Arrays;

/** A thousand turns in one conversation, with a model that costs nothing: whether a turn gets slower as the history grows. */
public final class ChatGrowth {
    private static final int TURNS = 1_000;
    private static final int WARM_UP = 200;

    private ChatGrowth() {}

    public static void main(String[] arguments) {
        try (var world = World.create()) {
            run(world, WARM_UP);
            long[] nanos = run(world, TURNS);
            System.out.printf("turn    10: %6.2f ms (median of 21)%n", median(nanos, 10));
            System.out.printf("turn   500: %6.2f ms%n", median(nanos, 500));
            System.out.printf("turn 1,000: %6.2f ms%n", median(nanos, TURNS - 11));
        }
    }

    private static long[] run(World world, int turns) {
        String conversation = send(world, "{\"message\": \"The first of many questions\"}");
        long[] nanos = new long[turns];
        for (int turn = 0; turn < turns; turn++) {
            String body =
                    "{\"message\": \"Question number %d\", \"conversation_id\": \"%s\"}".formatted(turn, conversation);
            long start = System.nanoTime();
            send(world, body);
            nanos[turn] = System.nanoTime() - start;
        }
        return nanos;
    }

    private static String send(World world, String body) {
        var answer = world.call(Call.post("/api/chat", body).as(world.ada()));
        if (answer.status() != 200) {
            throw new IllegalStateException(answer.body());
        }
        return answer.json().path("conversation_id").asText();
    }

    /** Of this turn and ten on either side, in milliseconds. */
    private static double median(long[] nanos, int turn) {
        long[] around = Arrays.copyOfRange(nanos, turn - 10, turn + 11);
        Arrays.sort(around);
        return around[10] / 1e6;
    }
}
