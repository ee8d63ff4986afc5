package history.chat.dialect;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import history.chat.model.ModelConfig;
import history.chat.turn.ModelOptions;
import history.chat.turn.Question;
import history.chat.turn.Question.Trigger;
import history.chat.turn.Reply;
import history.conversation.ConversationRef;
import history.http.Fields;
import history.http.HttpRequest;
import history.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * {@code useChat} of the AI SDK: {@code {"id": chat id, "messages": [UIMessage…], "trigger", "messageId"?}}, or {@code message}
 * with the last one alone; what else a page adds is let through.
 *
 * @see <a href="https://ai-sdk.dev/docs/ai-sdk-ui/stream-protocol">the stream protocol</a>
 */
public record AiSdkDialect() implements Dialect {
    private static final int MAX_ID = 128;
    private static final int MAX_METADATA_BYTES = 16 * 1024;
    private static final String REGENERATE = "regenerate-message";

    /** What the server itself keeps in a message's metadata; a client cannot write it. */
    private static final Set<String> RESERVED =
            Set.of("client_id", "previous", "legacy", "status", "attempt", "requests");

    static boolean regenerates(ObjectNode body) {
        return REGENERATE.equals(body.path("trigger").asText());
    }

    @Override
    public Question read(ObjectNode body, ModelConfig config) {
        var fields = new Fields(body);
        var chatId = fields.text("id", MAX_ID);
        if (fields.value("id").isEmpty()) {
            fields.error("id", "is required: the id of the chat");
        }
        var trigger = trigger(fields);
        Optional<String> target = fields.text("messageId", MAX_ID);
        var options = ModelOptions.of(fields, "maxTokens", config);
        var message = message(fields, body);
        Question request = message == null
                ? new Question(chat(chatId), trigger, null, null, null, options)
                : read(message, chat(chatId), trigger, options);
        if (trigger == Trigger.SUBMIT && target.isPresent() && !target.get().equals(request.messageId())) {
            fields.error("messageId", "must be the id of the last message: only that one can be edited");
        }
        fields.check();
        return request;
    }

    private static ConversationRef chat(Optional<String> id) {
        return new ConversationRef.Chat(id.orElse(""));
    }

    private static Trigger trigger(Fields fields) {
        String trigger = fields.anyText("trigger").orElse("submit-message");
        return switch (trigger) {
            case "submit-message" -> Trigger.SUBMIT;
            case REGENERATE -> Trigger.REGENERATE;
            default -> {
                fields.error("trigger", "must be submit-message or " + REGENERATE);
                yield Trigger.SUBMIT;
            }
        };
    }

    /** A message that is read, with the place where it stands. */
    private record Placed(ObjectNode node, Fields fields) {}

    private static @Nullable Placed message(Fields fields, ObjectNode body) {
        if (body.get("message") instanceof ObjectNode message) {
            return new Placed(message, fields.inside("message", message));
        }
        JsonNode list = body.path("messages");
        if (list.isEmpty()) {
            return null;
        }
        var message = (ObjectNode) list.get(list.size() - 1);
        return new Placed(
                message, fields.inside("messages", message).inside(Integer.toString(list.size() - 1), message));
    }

    private static Question read(Placed message, ConversationRef chat, Trigger trigger, ModelOptions options) {
        Fields fields = message.fields();
        Dialect.requireUser(fields);
        var id = fields.text("id", MAX_ID);
        var metadata = fields.object("metadata", MAX_METADATA_BYTES)
                .map(ObjectNode::deepCopy)
                .map(kept -> kept.<ObjectNode>without(RESERVED));
        return new Question(chat, trigger, id.orElse(null), text(message), metadata.orElse(null), options);
    }

    private static String text(Placed message) {
        Fields fields = message.fields();
        JsonNode parts = message.node().path("parts");
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < parts.size(); i++) {
            readPart(fields.inside("parts", message.node()), i, parts.get(i)).ifPresent(texts::add);
        }
        String text = String.join("", texts);
        if (!parts.isArray() || (text.isBlank() && texts.size() == parts.size())) {
            fields.error("parts", "must be an array with at least one text that is not blank");
        }
        if (text.codePointCount(0, text.length()) > MAX_MESSAGE) {
            fields.error("parts", "have more than " + MAX_MESSAGE + " characters of text together");
        }
        return text;
    }

    private static Optional<String> readPart(Fields parts, int place, JsonNode part) {
        String type = part.path("type").asText("");
        if (type.equals("text") && part.path("text").isTextual()) {
            return Optional.of(part.path("text").textValue());
        }
        String problem = type.equals("text")
                ? "must have a text"
                : type.isEmpty()
                        ? "must be an object with a type"
                        : "is of type " + type.substring(0, Math.min(type.length(), 50))
                                + "; only text can be answered here";
        parts.error(Integer.toString(place), problem);
        return Optional.empty();
    }

    @Override
    public HttpResponse respond(HttpRequest request, Reply reply) {
        return stream(reply);
    }

    public static HttpResponse stream(Reply reply) {
        return EventStream.of(sink -> new AiSdkEvents(sink), reply).with("x-vercel-ai-ui-message-stream", "v1");
    }
}
