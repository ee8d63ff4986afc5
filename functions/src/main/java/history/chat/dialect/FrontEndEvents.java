package history.chat.dialect;

import com.fasterxml.jackson.core.JsonGenerator;
import history.chat.turn.Outcome;
import history.chat.turn.Turn;
import history.http.HttpResponse.Sink;
import history.text.JsonText;
import java.io.IOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** Lines with a {@code status}: {@code processing} any number of times, then {@code completed} or {@code error}. */
record FrontEndEvents(Sink sink) implements Events {
    @Override
    public void start(Turn turn) {
        processing("", json -> name(json, turn));
    }

    @Override
    public void delta(String text) {
        processing(text, json -> {});
    }

    private void processing(String text, JsonText.Writer names) {
        event("processing", json -> {
            json.writeStringField("message", "Generating response...");
            json.writeStringField("delta", text);
            names.write(json);
        });
    }

    /** The ids of what was created, however the turn ends. */
    private static void name(JsonGenerator json, Turn turn) throws IOException {
        json.writeStringField("conversationId", turn.conversationId().toString());
        json.writeStringField("messageId", turn.answer().id().toString());
        json.writeStringField("userMessageId", turn.question().id().toString());
    }

    @Override
    public void completed(Turn turn, Outcome.Completed completed) {
        event("completed", json -> {
            json.writeObjectFieldStart("result");
            var answer = completed.answer().fitting();
            json.writeStringField("content", answer.content());
            if (!answer.content().equals(completed.answer().content())) {
                json.writeFieldName("cut");
                json.writeRawValue(answer.tree().path("cut").toString());
            }
            json.writeStringField("conversationId", turn.conversationId().toString());
            json.writeStringField(
                    "timestamp", Instant.now().truncatedTo(ChronoUnit.MILLIS).toString());
            json.writeStringField("messageId", completed.answer().id().toString());
            json.writeEndObject();
        });
    }

    @Override
    public void failed(Turn turn, Outcome.Failed failed) {
        event("error", json -> {
            json.writeStringField("error", failed.problem().detail());
            name(json, turn);
        });
    }

    private void event(String status, JsonText.Writer fields) {
        String event = JsonText.object(json -> {
            json.writeStringField("status", status);
            fields.write(json);
        });
        sink.write("data: " + event + "\n\n");
    }
}
