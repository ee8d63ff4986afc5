package history.migration;

import history.access.Secrets;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;

/**
 * What the functions log in with, from {@code FUNCTIONS_PASSWORD}: the password, the ARN of the secret that holds it, or the
 * {@code DATABASE_URL} of the functions that has it or has none.
 */
record FunctionsPassword(String given, Map<String, String> environment) {
    private static final Duration LIMIT = Duration.ofSeconds(10);

    /** @throws IllegalArgumentException for a password that has no verifier */
    static FunctionsPassword from(Map<String, String> environment) {
        var given = environment.getOrDefault("FUNCTIONS_PASSWORD", "");
        if (given.matches("(jdbc:)?postgres(ql)?:.*")) {
            var address = DatabaseAddress.from(Map.of("DATABASE_URL", given));
            given = address.properties().getProperty("password", "");
        }
        if (!Secrets.isArn(given)) {
            ScramVerifier.check(given);
        }
        return new FunctionsPassword(given, environment);
    }

    /** The verifier that the server stores; empty to keep the existing password. */
    String verifier() throws Stop {
        try {
            var password = Secrets.isArn(given)
                    ? new Secrets(name -> environment.getOrDefault(name, "")).value(given, LIMIT)
                    : given;
            return password.isEmpty() ? "" : ScramVerifier.of(password);
        } catch (IOException e) {
            throw Stop.failed("The password of the functions could not be read: " + e.getMessage());
        }
    }
}
