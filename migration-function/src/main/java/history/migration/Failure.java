package history.migration;

import java.sql.SQLException;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A server error in one sentence for the report; its details go to the log. */
final class Failure {
    private Failure() {}

    /** The server's error inside whatever wraps it. */
    static Optional<SQLException> of(@Nullable Throwable failure) {
        for (var cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException e) {
                return Optional.of(e);
            }
        }
        return Optional.empty();
    }

    /** Whether a table or column is missing or has another type. Other findings name it, so this error would only confuse. */
    static boolean isOfAnotherShape(SQLException e) {
        return Set.of("42P01", "42703", "42883").contains(String.valueOf(e.getSQLState()));
    }

    static String sentence(SQLException e) {
        var message = Objects.requireNonNullElse(e.getMessage(), e.toString());
        var sentence = message.lines().findFirst().orElse(message).replaceFirst("^(ERROR|FATAL|PANIC): ", "");
        return switch (String.valueOf(e.getSQLState())) {
            case "53100" -> "The server's disk is full: make room, then call again. (" + sentence + ")";
            case "25006" -> "The server is read only: connect to the one that writes. (" + sentence + ")";
            case "55P03" -> "Somebody has locked what it needs. (" + sentence + ")";
            case "57014" -> "The statement was ended from outside, or took too long. (" + sentence + ")";
            case "42501" ->
                sentence.replaceFirst(" for schema \\w+$", "$0: as its owner, grant usage on it to this role");
            // Raised by somebody's own code; the next line says which function.
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
