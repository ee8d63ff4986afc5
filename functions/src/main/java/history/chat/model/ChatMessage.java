package history.chat.model;

import history.text.Blank;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * One message of the conversation that is sent to a model.
 *
 * @param images only in messages of the user
 */
public record ChatMessage(Role role, String content, List<Image> images) {
    /** An image by its URL, which may be {@code data:} in base64, of a type that all providers support. */
    public record Image(String mediaType, String url) {
        private static final Set<String> TYPES = Set.of("image/png", "image/jpeg", "image/gif", "image/webp");

        public Image {
            mediaType = essence(mediaType);
            if (url.startsWith("data:")) {
                int comma = url.indexOf(',');
                url = "data:" + essence(url.substring("data:".length(), comma)) + ";base64" + url.substring(comma);
            }
        }

        /** Whether all providers support this type, however it is spelled. */
        public static boolean isType(String mediaType) {
            return TYPES.contains(essence(mediaType));
        }

        /** The type without parameters, as providers spell it; many call a JPEG {@code image/jpg}. */
        private static String essence(String mediaType) {
            var type = mediaType.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
            return type.equals("image/jpg") ? "image/jpeg" : type;
        }

        /** The text that replaces it where images are not supported. */
        public String line() {
            return "[An image (" + mediaType + ") that cannot be shown here]";
        }

        boolean isData() {
            return url.startsWith("data:");
        }

        /** The data of a data URL, in base64. */
        String base64() {
            return url.substring(url.indexOf(',') + 1);
        }
    }

    public ChatMessage {
        images = List.copyOf(images);
    }

    public ChatMessage(Role role, String content) {
        this(role, content, List.of());
    }

    /** Who speaks. */
    public enum Role {
        USER,
        ASSISTANT;

        /** As the database, the HTTP contract and the providers spell it: {@code user}. */
        public String text() {
            return name().toLowerCase(Locale.ROOT);
        }

        /** Reads what {@link #text()} writes. */
        public static Role of(String text) {
            return valueOf(text.toUpperCase(Locale.ROOT));
        }
    }

    boolean isBlank() {
        return Blank.is(content) && images.isEmpty();
    }

    /** The same with a line of text in place of each image. */
    ChatMessage asText() {
        return images.isEmpty()
                ? this
                : new ChatMessage(
                        role,
                        Stream.concat(Stream.of(content), images.stream().map(Image::line))
                                .filter(line -> !line.isEmpty())
                                .collect(Collectors.joining("\n")));
    }

    ChatMessage followedBy(ChatMessage next) {
        return new ChatMessage(
                role,
                content + "\n\n" + next.content,
                Stream.concat(images.stream(), next.images.stream()).toList());
    }

    public static ChatMessage user(String content) {
        return new ChatMessage(Role.USER, content);
    }
}
