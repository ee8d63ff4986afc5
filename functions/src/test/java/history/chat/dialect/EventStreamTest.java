package history.chat.dialect;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import history.chat.turn.Outcome;
import history.chat.turn.Reply;
import history.chat.turn.Turn;
import history.http.HttpResponse;
import history.http.Problem;
import history.message.Message;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class EventStreamTest {
    private static final Duration SILENCE = Duration.ofSeconds(2);
    private static final UUID ID = UUID.randomUUID();
    private static final Message MESSAGE =
            new Message(ID, ID, 1, "user", "Hi", "{}", "1970-01-01T00:00:00.000000Z", "completed");

    /** Says nothing until it has heard a comment; not for as long as two silences. */
    private record Silent(CountDownLatch comment) implements Reply {
        @Override
        public Turn turn() {
            return new Turn(ID, "Hi", MESSAGE, MESSAGE);
        }

        @Override
        public Outcome deliver(Consumer<String> onDelta) {
            try {
                boolean heard = comment.await(2 * SILENCE.toMillis() - 200, TimeUnit.MILLISECONDS);
                onDelta.accept(heard ? "heard" : "not heard");
            } catch (InterruptedException ended) {
                Thread.currentThread().interrupt();
            }
            return new Outcome.Failed(Problem.internal("Something went wrong"));
        }
    }

    private record Told(HttpResponse.Sink sink) implements Events {
        @Override
        public void start(Turn turn) {
            sink.write("start");
        }

        @Override
        public void delta(String text) {
            sink.write(text);
        }

        @Override
        public void completed(Turn turn, Outcome.Completed completed) {
            sink.write("completed");
        }

        @Override
        public void failed(Turn turn, Outcome.Failed failed) {
            sink.write("failed");
        }
    }

    @Test
    void aCommentEndsTheFirstSilence() {
        var comment = new CountDownLatch(1);
        var written = new CopyOnWriteArrayList<String>();
        var response = EventStream.of(Told::new, new Silent(comment), SILENCE);
        assertInstanceOf(HttpResponse.Body.Stream.class, response.body())
                .source()
                .accept(text -> {
                    written.add(text);
                    if (text.startsWith(":")) {
                        comment.countDown();
                    }
                });
        assertEquals(List.of("start", ": keep-alive\n\n", "heard", "failed"), written);
    }
}
