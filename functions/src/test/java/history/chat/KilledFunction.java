package history.chat;

import history.auth.Authenticator;
import history.chat.model.ChatModel;
import history.chat.model.Completion;
import history.chat.model.ModelConfig;
import history.chat.model.Prompt;
import history.chat.model.Transcript;
import history.chat.turn.Limits;
import history.db.Database;
import history.fixture.Api;
import history.fixture.Call;
import history.fixture.Configured;
import history.http.Cors;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;

/** A chat function in a process of its own that stops at a certain moment, and waits to be killed. */
final class KilledFunction {
    /** When the model's call never comes back, or the function behind it. */
    enum Moment {
        BEFORE_IT_SPEAKS,
        WHILE_IT_SPEAKS,
        WHEN_IT_HAS_SPOKEN
    }

    private KilledFunction() {}

    public static void main(String[] arguments) {
        Map<String, String> environment = System.getenv();
        var handler = new ChatHandler(
                Configured.read(environment, Authenticator::from),
                Cors.NONE,
                Configured.read(environment, Database::from),
                Configured.read(environment, ModelConfig::from),
                new Stopping(Moment.valueOf(arguments[0])),
                Configured.read(environment, Limits::from));
        new Api(environment)
                .with("POST /api/chat", handler)
                .call(Call.post("/api/chat", arguments[1])
                        .header("Authorization", arguments[2])
                        .header("Idempotency-Key", "key"));
    }

    private record Stopping(Moment moment) implements ChatModel {
        @Override
        public Completion answer(Prompt prompt, Transcript transcript) {
            if (moment == Moment.WHILE_IT_SPEAKS) {
                transcript.add("Hel");
            }
            System.out.println("asked");
            if (moment != Moment.WHEN_IT_HAS_SPOKEN) {
                while (true) {
                    LockSupport.park();
                }
            }
            waitForTheTest();
            transcript.add("Hello");
            System.out.println("answered");
            return new Completion("Hello", Completion.FinishReason.STOP, null, "stopping");
        }

        private static void waitForTheTest() {
            try {
                System.in.read();
            } catch (IOException gone) {
                throw new UncheckedIOException(gone);
            }
        }
    }
}
