package history.conversation;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A conversation with the newest of its messages, oldest first. */
record Page(Conversation conversation, List<Message> messages, boolean hasOlder) {
    /** A function's answer ends at 6 MB; the rest is for the envelope and the conversation itself. */
    static final int MAX_BYTES = 5_500_000;

    private static final int FIELDS_OF_A_MESSAGE = 400;

    /** Reads them newest first, and ends the page before it outgrows what a gateway passes on. */
    static Optional<Page> read(ResultSet rows, int limit) throws SQLException {
        if (!rows.next()) {
            return Optional.empty();
        }
        Conversation conversation = Conversation.of(rows);
        List<Message> newestFirst = new ArrayList<>();
        long available = rows.getLong("available");
        long weight = 0;
        boolean more = available > 0;
        while (more && newestFirst.size() < limit) {
            Message message = Message.of(rows, "m_");
            long own = weight(message);
            if (newestFirst.isEmpty() && own > MAX_BYTES) {
                message = message.cut(); // or nobody would ever get at what lies before
                own = weight(message);
            }
            weight += own;
            boolean fits = weight <= MAX_BYTES;
            if (fits) {
                newestFirst.add(message);
            }
            more = fits && rows.next();
        }
        return Optional.of(new Page(conversation, newestFirst.reversed(), newestFirst.size() < available));
    }

    /** How many of them, up to the limit, a gateway passes on. */
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

    /** The bytes of a message in the answer: JSON inside a JSON string, so a quote in its text takes four. */
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
