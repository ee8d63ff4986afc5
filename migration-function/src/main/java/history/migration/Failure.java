package history.migration;

import java.sql.SQLException;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What the server refused, in one sentence; the rest of what it says goes to the log. */
final class Failure {
    private Failure() {}

    /** The server's own failure in whatever wraps it. */
    static Optional<SQLException> of(@Nullable Throwable failure) {
        for (var cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException e) {
                return Optional.of(e);
            }
        }
        return Optional.empty();
    }

    /** A column is missing or of another type: findings of their own name it, and what they would only confuse is not said. */
    static boolean isOfAnotherShape(SQLException e) {
        return "42883".equals(e.getSQLState()) || "42703".equals(e.getSQLState());
    }

    static String sentence(SQLException e) {
        var message = Objects.requireNonNullElse(e.getMessage(), e.toString());
        var sentence = message.lines().findFirst().orElse(message).replaceFirst("^(ERROR|FATAL|PANIC): ", "");
        return switch (String.valueOf(e.getSQLState())) {
            case "53100" -> "The server's disk is full: make room, then call again. (" + sentence + ")";
            case "25006" -> "The server is read only: connect to the one that writes. (" + sentence + ")";
            case "55P03" -> "Somebody has locked what it needs. (" + sentence + ")";
            case "57014" -> "The statement was ended from outside, or took too long. (" + sentence + ")";
            // Somebody's own code refused it: whose, is the next line.
            case "P0001" ->
                sentence
                        + message.lines()
                                .filter(line -> line.startsWith("  Where: PL/pgSQL function "))
                                .map(line -> line.replaceFirst("  Where: (.*)", " ($1)"))
                                .findFirst()
                                .orElse("");
            default -> sentence;
        };
    }
}
