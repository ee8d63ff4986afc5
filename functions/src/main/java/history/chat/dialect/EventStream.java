package history.chat.dialect;

import history.chat.turn.Heartbeat;
import history.chat.turn.Outcome;
import history.chat.turn.Reply;
import history.http.HttpResponse;
import history.http.HttpResponse.Sink;
import history.http.Problem;
import java.time.Duration;
import java.util.function.Function;

/** Sends a reply as server-sent events, and a comment now and then while nothing arrives, so that no proxy hangs up. */
final class EventStream {
    /** After which a comment is sent, at the latest. */
    private static final Duration SILENCE = Duration.ofSeconds(10);

    private final Sink sink;
    private boolean spoken;

    private EventStream(Sink sink) {
        this.sink = sink;
    }

    static HttpResponse of(Function<Sink, Events> dialect, Reply reply) {
        return of(dialect, reply, SILENCE);
    }

    static HttpResponse of(Function<Sink, Events> dialect, Reply reply, Duration silence) {
        return HttpResponse.events(sink -> {
            var stream = new EventStream(sink);
            try (var _ = new Heartbeat("keeping a stream alive", silence.dividedBy(2), stream::keepAlive)) {
                play(reply, dialect.apply(stream::write));
            }
        });
    }

    private static void play(Reply reply, Events events) {
        events.start(reply.turn());
        try {
            switch (reply.deliver(events::delta)) {
                case Outcome.Completed completed -> events.completed(reply.turn(), completed);
                case Outcome.Failed failed -> events.failed(reply.turn(), failed);
            }
        } catch (RuntimeException | Error bug) {
            events.failed(reply.turn(), new Outcome.Failed(Problem.internal("Something went wrong")));
            throw bug;
        }
    }

    private synchronized void write(String event) {
        spoken = true;
        sink.write(event);
    }

    private synchronized void keepAlive() {
        if (!spoken) {
            sink.write(": keep-alive\n\n");
        }
        spoken = false;
    }
}
