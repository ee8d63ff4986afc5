package history.chat.turn;

import com.fasterxml.jackson.databind.JsonNode;
import history.chat.model.ChatMessage;
import history.chat.model.ChatMessage.Image;
import history.chat.model.ChatMessage.Role;
import history.message.Message;
import java.util.ArrayList;
import java.util.List;

/**
 * What is sent to a model of a message with parts: the text, images, tool calls as text, and a line of text in place of
 * everything else.
 */
final class Spoken {
    /** The images before the last message are limited to this many characters together, newest first. */
    private static final int IMAGES = 5_000_000;

    private static final int LONGEST_LINE = 20_000;
    private static final int LONGEST_NAME = 100;

    /** There may be thousands of such parts, of which one line says as much. */
    private static final String UNKNOWN = "[A part of type ";

    private final StringBuilder text = new StringBuilder();
    private final List<Image> images = new ArrayList<>();
    private boolean inText;
    private String lastLine = "";

    private Spoken() {}

    static ChatMessage of(Message question) {
        return of(Role.USER, question.content(), question.parts(), Integer.MAX_VALUE);
    }

    static ChatMessage ofAnswer(Message answer) {
        return of(Role.ASSISTANT, answer.content(), answer.parts(), 0);
    }

    /**
     * @param seen oldest first, [role, content, parts] each
     * @param characters how much they may be together; what is in place of parts is left out where it would be more
     */
    static List<ChatMessage> of(JsonNode seen, int characters) {
        var messages = new ArrayList<ChatMessage>();
        int left = IMAGES;
        int room = characters;
        for (int i = seen.size() - 1; i >= 0; i--) {
            JsonNode each = seen.path(i);
            var content = each.path(1).asText();
            var message = of(Role.of(each.path(0).asText()), content, each.path(2), left);
            if (message.content().length() > room) {
                message = new ChatMessage(message.role(), content, message.images());
            }
            room -= message.content().length();
            left -= message.images().stream()
                    .mapToInt(image -> image.url().length())
                    .sum();
            messages.add(message);
        }
        return messages.reversed();
    }

    private static ChatMessage of(Role role, String content, JsonNode parts, int mostOfImages) {
        if (!parts.isArray()) {
            return new ChatMessage(role, content);
        }
        var spoken = new Spoken();
        int left = mostOfImages;
        for (JsonNode part : parts) {
            String url = part.path("url").asText();
            if (role == Role.USER && isImage(part) && url.length() <= left) {
                left -= url.length();
                spoken.images.add(new Image(part.path("mediaType").asText(), url));
            } else if (part.path("type").asText().equals("text")) {
                spoken.say(part.path("text").asText());
            } else {
                spoken.line(part);
            }
        }
        return new ChatMessage(role, spoken.text.toString(), spoken.images);
    }

    private static boolean isImage(JsonNode part) {
        String url = part.path("url").asText();
        return part.path("type").asText().equals("file")
                && Image.isType(part.path("mediaType").asText())
                && (url.startsWith("https:") || url.matches("(?s)data:[^,]{0,100};base64,.*"));
    }

    /** Adds text; several texts in a row are joined without a line break. */
    private void say(String piece) {
        if (!inText && !text.isEmpty()) {
            text.append('\n');
        }
        text.append(piece);
        inText = true;
    }

    private void line(JsonNode part) {
        String words = words(part, part.path("type").asText());
        if (words.isEmpty() || (!inText && words.equals(lastLine) && words.startsWith(UNKNOWN))) {
            return;
        }
        lastLine = words;
        if (!text.isEmpty()) {
            text.append('\n');
        }
        text.append(words.length() > LONGEST_LINE ? words.substring(0, LONGEST_LINE) + "…]" : words);
        inText = false;
    }

    private static String words(JsonNode part, String type) {
        if (type.equals("step-start")) {
            return "";
        }
        if (type.equals("dynamic-tool") || type.startsWith("tool-")) {
            return tool(
                    part, type.equals("dynamic-tool") ? part.path("toolName").asText() : type.substring(5));
        }
        return switch (type) {
            case "file" ->
                "[A file, " + plain(part.path("filename").asText("unnamed")) + " ("
                        + plain(part.path("mediaType").asText()) + "), that cannot be shown here]";
            case "source-url" -> "[Source: " + part.path("url").asText() + "]";
            case "source-document" -> "[Source: " + part.path("title").asText() + "]";
            default -> UNKNOWN + type + " that cannot be shown here]";
        };
    }

    /** A name in one short line. */
    private static String plain(String name) {
        var end = name.offsetByCodePoints(0, Math.min(LONGEST_NAME, name.codePointCount(0, name.length())));
        return name.substring(0, end).replaceAll("[\\p{Cc}\\u2028\\u2029]", " ");
    }

    private static String tool(JsonNode part, String name) {
        String called = "[Tool " + name + " was called with " + part.path("input");
        JsonNode approval = part.path("approval");
        String reason = approval.path("reason").asText();
        String denied = called + ", which the user denied" + (reason.isEmpty() ? "" : ": " + reason) + "]";
        String waits = " and has no result yet]";
        return switch (part.path("state").asText()) {
            case "output-available" -> called + " and gave " + part.path("output") + "]";
            case "output-error" ->
                called + " and failed: " + part.path("errorText").asText() + "]";
            case "output-denied" -> denied;
            case "approval-responded" ->
                approval.path("approved").asBoolean()
                        ? called + ", which the user approved," + waits
                        : approval.has("approved") ? denied : called + waits;
            default -> called + waits;
        };
    }
}
