package history.chat.turn;

import com.fasterxml.jackson.databind.JsonNode;
import history.http.Json;

/**
 * How far an answer has come that another call of a function makes.
 *
 * @param running false when its attempt has ended, or is so old that it must be dead
 */
record Progress(Turn turn, JsonNode metadata, boolean running) {
    static Progress of(Turn turn, boolean running) {
        return new Progress(turn, Json.tree(turn.answer().metadata()), running);
    }

    /** The attempt that holds the turn, or held it last. */
    String attempt() {
        return metadata.at("/attempt/id")
                .asText(metadata.at("/failure/attempt_id")
                        .asText(metadata.path("attempt_id").asText()));
    }

    /** What has arrived; a new answer grows beside the old one. */
    String text() {
        return isStatus("running") || !metadata.has("attempt")
                ? turn.answer().content()
                : metadata.at("/attempt/text").asText("");
    }

    boolean isStatus(String status) {
        return metadata.path("status").asText("completed").equals(status);
    }

    /** Why there is no complete answer. */
    String reason() {
        return metadata.at("/failure/reason").asText(metadata.path("reason").asText("The answer broke off"));
    }
}
