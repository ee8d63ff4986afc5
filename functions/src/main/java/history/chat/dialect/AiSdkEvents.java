package history.chat.dialect;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import history.chat.turn.Outcome;
import history.chat.turn.Turn;
import history.conversation.Timestamps;
import history.http.HttpResponse.Sink;
import history.http.Json;
import history.http.JsonText;
import history.http.Problem;
import java.io.IOException;

/**
 * The chunks of a UI message stream, with no field that a strict client (before 5.0.217, 6.0.0 to 6.0.230) does not know:
 * those end the stream over it.
 */
final class AiSdkEvents implements Events {
    private static final String TEXT_ID = "text";

    private final Sink sink;
    private boolean texting;

    AiSdkEvents(Sink sink) {
        this.sink = sink;
    }

    /** The answer's id is always sent, or the client makes one up that nobody else knows. */
    @Override
    public void start(Turn turn) {
        chunk("start", json -> {
            json.writeStringField("messageId", turn.answer().id().toString());
            json.writeObjectFieldStart("messageMetadata");
            json.writeStringField("conversationId", turn.conversationId().toString());
            json.writeStringField("createdAt", Timestamps.format(turn.answer().createdAt()));
            json.writeEndObject();
        });
        chunk("start-step", json -> {});
    }

    @Override
    public void delta(String text) {
        if (!texting) {
            texting = true;
            chunk("text-start", json -> json.writeStringField("id", TEXT_ID));
        }
        chunk("text-delta", json -> {
            json.writeStringField("id", TEXT_ID);
            json.writeStringField("delta", text);
        });
    }

    @Override
    public void completed(Turn turn, Outcome.Completed completed) {
        if (texting) {
            chunk("text-end", json -> json.writeStringField("id", TEXT_ID));
        }
        if (!completed.answer().isStopped()) {
            chunk("finish-step", json -> {});
        }
        chunk("data-conversation", json -> {
            json.writeObjectFieldStart("data");
            json.writeStringField("id", turn.conversationId().toString());
            json.writeStringField("title", completed.title());
            json.writeEndObject();
            json.writeBooleanField("transient", true);
        });
        if (completed.answer().isStopped()) {
            chunk("abort", json -> {});
        } else {
            finish(Json.tree(completed.answer().metadata()));
        }
        done();
    }

    private void finish(JsonNode metadata) {
        chunk("finish", json -> {
            json.writeObjectFieldStart("messageMetadata");
            if (metadata.hasNonNull("model")) {
                json.writeStringField("model", metadata.path("model").asText());
            }
            writeUsage(json, metadata.path("usage"));
            json.writeEndObject();
        });
    }

    private static void writeUsage(JsonGenerator json, JsonNode usage) throws IOException {
        if (usage.isObject()) {
            int input = usage.path("input_tokens").asInt();
            int output = usage.path("output_tokens").asInt();
            json.writeObjectFieldStart("usage");
            json.writeNumberField("inputTokens", input);
            json.writeNumberField("outputTokens", output);
            json.writeNumberField("totalTokens", input + output);
            json.writeEndObject();
        }
    }

    /**
     * Without it the client would take the end of the stream for the end of the answer. What was created is named at the start: the
     * chunk may have no other field.
     */
    @Override
    public void failed(Turn turn, Problem problem) {
        chunk("error", json -> json.writeStringField("errorText", problem.detail()));
        done();
    }

    private void chunk(String type, JsonText.Writer fields) {
        String chunk = JsonText.of(json -> {
            json.writeStartObject();
            json.writeStringField("type", type);
            fields.write(json);
            json.writeEndObject();
        });
        sink.write("data: " + chunk + "\n\n");
    }

    private void done() {
        sink.write("data: [DONE]\n\n");
    }
}
