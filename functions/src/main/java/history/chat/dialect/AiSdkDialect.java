package history.chat.dialect;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import history.body.Fields;
import history.chat.model.ModelConfig;
import history.chat.turn.ModelOptions;
import history.chat.turn.Question;
import history.chat.turn.Question.Trigger;
import history.chat.turn.Reply;
import history.chat.turn.Said;
import history.conversation.ConversationRef;
import history.http.HttpRequest;
import history.http.HttpResponse;
import history.text.Json;

/**
 * {@code useChat} of the AI SDK: {@code {"id": chat id, "messages": [UIMessage…], "trigger", "messageId"?}}, or {@code message}
 * with the last one alone. Other fields that a page adds are ignored.
 *
 * @see <a href="https://ai-sdk.dev/docs/ai-sdk-ui/stream-protocol">the stream protocol</a>
 */
public record AiSdkDialect() implements Dialect {
    private static final int SHORT = 200_000;
    private static final String REGENERATE = "regenerate-message";

    static boolean regenerates(ObjectNode body) {
        return REGENERATE.equals(body.path("trigger").asText());
    }

    @Override
    public Question read(ObjectNode body, ModelConfig config) {
        var fields = new Fields(body);
        var chat = ConversationRef.chat(fields.id("id", UiMessage.MAX_ID).orElse(""));
        if (fields.value("id").isEmpty()) {
            fields.error("id", "is required: the id of the chat");
        }
        var trigger = trigger(fields);
        var target = fields.text("messageId", UiMessage.MAX_ID);
        var options = ModelOptions.of(fields, "maxTokens", config);
        JsonNode list = body.path("messages");
        int place = place(list, trigger);
        UiMessage message = body.get("message") instanceof ObjectNode node
                ? new UiMessage(node, fields.inside("message", node))
                : UiMessage.at(place, list, fields);
        if (message != null && trigger == Trigger.SUBMIT && message.isAnswerWithTools()) {
            Said answer = message.readAnswer();
            fields.check();
            return new Question(chat, Trigger.CONTINUE, answer, answer.id(), Json.MAPPER.createArrayNode(), options);
        }
        Said said = message == null ? null : message.read();
        fields.check();
        return new Question(chat, trigger, said, target.orElse(null), earlier(list, place), options);
    }

    /** The position of the user's message in the list: the end, or before the answer that is to be regenerated. */
    private static int place(JsonNode list, Trigger trigger) {
        int place = list.size() - 1;
        while (trigger == Trigger.REGENERATE && place > 0 && !UiMessage.isUsers(list.path(place))) {
            place--;
        }
        return place;
    }

    /**
     * The list before the message; of a long one, ids alone up to the last answer with an id of the server's: that much has arrived. The
     * last answer is there with its calls of tools.
     */
    private static ArrayNode earlier(JsonNode list, int place) {
        int arrived = list.toString().length() > SHORT ? place - 1 : -1;
        while (arrived >= 0
                && HttpRequest.uuid(list.path(arrived).path("id").asText()).isEmpty()) {
            arrived--;
        }
        int answer = place - 1;
        while (answer >= 0 && UiMessage.isUsers(list.path(answer))) {
            answer--;
        }
        ArrayNode earlier = Json.MAPPER.createArrayNode();
        for (int i = 0; i < place; i++) {
            JsonNode message = list.path(i);
            (i == answer ? UiMessage.withCalls(message) : UiMessage.earlier(message, i > arrived))
                    .ifPresent(earlier::add);
        }
        return earlier;
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

    @Override
    public HttpResponse respond(HttpRequest request, Reply reply) {
        return stream(reply, false);
    }

    /** The answer from its beginning. */
    public static HttpResponse resume(Reply reply) {
        return stream(reply, true);
    }

    private static HttpResponse stream(Reply reply, boolean resumed) {
        return EventStream.of(sink -> new AiSdkEvents(sink, resumed), reply)
                .with("x-vercel-ai-ui-message-stream", "v1");
    }
}
