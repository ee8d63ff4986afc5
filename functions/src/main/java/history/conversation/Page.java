package history.conversation;

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
record Page(Conversation conversation, List<Message> messages, boolean hasMore, Version version) {
    /**
     * A client sends a page back: the list that it has, and a new message of up to 100,000 characters, each of which may
     * take seven bytes of the event. A body may have 5 MB, the event 6 MB.
     */
    static final int MAX_BYTES = 4_000_000;

    private static final int FIELDS_OF_A_MESSAGE = 400;
    private static final int KNOWN_RUNNING = -2;

    /** Reads as many messages as a page holds. A negative number of available messages means that the caller has them already. */
    static Optional<Page> read(ResultSet rows, Span span) throws SQLException {
        if (!rows.next()) {
            return Optional.empty();
        }
        Conversation conversation = Conversation.of(rows);
        List<Message> messages = new ArrayList<>();
        long available = rows.getLong("available");
        long weight = 0;
        boolean more = available > 0;
        while (more && messages.size() < span.limit()) {
            Message message = Message.of(rows, "m_");
            long own = weight(message);
            if (messages.isEmpty() && own > MAX_BYTES) {
                message = message.cut(); // or the messages beyond it could never be reached
                own = weight(message);
            }
            weight += own;
            boolean fits = weight <= MAX_BYTES;
            if (fits) {
                messages.add(message);
            }
            more = fits && rows.next();
        }
        boolean running = available == KNOWN_RUNNING || messages.stream().anyMatch(Message::isRunning);
        return Optional.of(new Page(
                conversation,
                span.after() == null ? messages.reversed() : messages,
                messages.size() < available,
                new Version(conversation.revision(), running)));
    }

    /** How many of them, up to the limit, fit into a response. */
    static int fitting(List<Conversation> conversations, int limit) {
        long weight = 0;
        int count = 0;
        for (var conversation : conversations.subList(0, Math.min(limit, conversations.size()))) {
            weight += FIELDS_OF_A_MESSAGE
                    + weight(conversation.title(), 4)
                    + weight(conversation.metadata(), 2)
                    + weight(String.join("    ", conversation.labels()), 4);
            if (count > 0 && weight > MAX_BYTES) {
                break;
            }
            count++;
        }
        return count;
    }

    /** The bytes of a message in the response: JSON inside a JSON string, so a quote in its text takes four. */
    private static long weight(Message message) {
        return FIELDS_OF_A_MESSAGE + weight(message.content(), 4) + weight(message.metadata(), 2);
    }

    private static long weight(String text, int escaped) {
        return text.codePoints()
                .mapToLong(point -> {
                    if (point == '"' || point == '\\') {
                        return escaped;
                    }
                    if (point < ' ') {
                        return 7;
                    }
                    return point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
                })
                .sum();
    }
}
