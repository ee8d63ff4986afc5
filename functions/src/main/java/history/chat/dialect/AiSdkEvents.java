package history.chat.dialect;

import history.chat.turn.Outcome;
import history.chat.turn.Turn;
import history.http.HttpResponse.Sink;
import history.message.Message;
import history.text.JsonText;

/**
 * The chunks of a UI message stream, with no field that a strict client (before 5.0.217, 6.0.0 to 6.0.230) does not know:
 * such clients end the stream at an unknown field.
 */
final class AiSdkEvents implements Events {
    private static final String TEXT_ID = "text";

    private final Sink sink;
    private final boolean resumed;
    private boolean texting;

    /** @param resumed whether the client has nothing of the answer yet, also not what that had before it was continued */
    AiSdkEvents(Sink sink, boolean resumed) {
        this.sink = sink;
        this.resumed = resumed;
    }

    /** Always sends the answer's id; otherwise the client makes up one that nobody else knows. */
    @Override
    public void start(Turn turn) {
        chunk("start", json -> {
            json.writeStringField("messageId", turn.answer().id().toString());
            json.writeObjectFieldStart("messageMetadata");
            json.writeStringField("conversationId", turn.conversationId().toString());
            json.writeStringField("createdAt", turn.answer().createdAt());
            json.writeEndObject();
        });
        if (resumed) {
            new StoredParts(this::chunk).write(turn.answer().parts());
        }
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
            metadata("message-metadata", completed.answer());
            chunk("abort", json -> {});
        } else {
            metadata("finish", completed.answer());
        }
        done();
    }

    /**
     * Without it the client would take the end of the stream for the end of the answer. The ids are in the start chunk, since this
     * chunk may have no other field.
     */
    @Override
    public void failed(Turn turn, Outcome.Failed failed) {
        if (failed.answer() != null) {
            metadata("message-metadata", failed.answer());
        }
        chunk(
                "error",
                json -> json.writeStringField("errorText", failed.problem().detail()));
        done();
    }

    /** The same metadata as after the page has been reloaded. */
    private void metadata(String type, Message answer) {
        chunk(type, json -> {
            json.writeFieldName("messageMetadata");
            answer.writeMetadata(json);
        });
    }

    private void chunk(String type, JsonText.Writer fields) {
        String chunk = JsonText.object(json -> {
            json.writeStringField("type", type);
            fields.write(json);
        });
        sink.write("data: " + chunk + "\n\n");
    }

    private void done() {
        sink.write("data: [DONE]\n\n");
    }
}
