package history.conversation;

import history.message.Message;
import history.message.MessageFormat;
import history.text.JsonText;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A conversation with some of its messages, oldest first.
 *
 * @param hasMore whether there are more before them; after them, if messages after a position were asked for
 */
record Page(Conversation conversation, List<Written> messages, boolean hasMore, Version version) {
    /**
     * A client sends a page back: the list that it has, and a new message of up to 100,000 characters, each of which may
     * take seven bytes of the event. A body may have 5 MB, the event 6 MB.
     */
    static final int MAX_BYTES = 4_000_000;

    private static final int KNOWN_RUNNING = -2;

    /** A message as JSON. */
    record Written(long seq, String json) {
        static Written of(Message message, MessageFormat format) {
            return new Written(message.seq(), JsonText.of(json -> format.write(json, message)));
        }
    }

    /** Reads as many messages as a page holds. A negative number of available messages means that the caller has them already. */
    static Optional<Page> read(ResultSet rows, Span span, MessageFormat format) throws SQLException {
        if (!rows.next()) {
            return Optional.empty();
        }
        Conversation conversation = Conversation.of(rows);
        List<Written> messages = new ArrayList<>();
        long available = rows.getLong("available");
        long weight = weight(conversation.json());
        boolean running = available == KNOWN_RUNNING;
        for (boolean more = available > 0; more && messages.size() < span.limit(); more = rows.next()) {
            Message message = Message.of(rows, "m_");
            Written written = Written.of(message, format);
            if (messages.isEmpty() && weight + weight(written.json()) > MAX_BYTES) {
                written = Written.of(message.cut(), format); // otherwise nobody could reach what is behind it
            }
            weight += weight(written.json());
            if (!messages.isEmpty() && weight > MAX_BYTES) {
                break;
            }
            messages.add(written);
            running |= message.isRunning();
        }
        return Optional.of(new Page(
                conversation,
                span.after() == null ? messages.reversed() : messages,
                messages.size() < available,
                Version.of(conversation.revision(), running)));
    }

    /** How many of them, up to the limit, fit into a response. */
    static int fitting(List<String> conversations, int limit) {
        if (conversations.stream().mapToLong(String::length).sum() <= MAX_BYTES / 3) {
            return Math.min(conversations.size(), limit); // a character has three bytes at most
        }
        long weight = 0;
        int count = 0;
        for (var conversation : conversations) {
            weight += weight(conversation);
            if (count == limit || (count > 0 && weight > MAX_BYTES)) {
                break;
            }
            count++;
        }
        return count;
    }

    /** The bytes of JSON in a response, which is inside a JSON string there. */
    private static long weight(String json) {
        byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
        long weight = bytes.length;
        for (byte each : bytes) {
            weight += each == '"' || each == '\\' ? 1 : 0;
        }
        return weight;
    }
}
