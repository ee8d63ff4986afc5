package history.migration;

import history.access.DatabaseAddress;
import history.access.Secrets;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import org.postgresql.util.PasswordUtil;

/**
 * What the functions log in with, from {@code FUNCTIONS_PASSWORD}: the password, the ARN of the secret that holds it, or the
 * {@code DATABASE_URL} of the functions that has it or has none.
 */
record FunctionsPassword(String given, Map<String, String> environment) {
    /** @throws IllegalArgumentException for a password that has no verifier */
    static FunctionsPassword from(Map<String, String> environment) {
        var given = environment.getOrDefault("FUNCTIONS_PASSWORD", "");
        if (given.matches("(jdbc:)?postgres(ql)?:.*")) {
            try {
                given = DatabaseAddress.of(given, new Properties(), Optional.empty())
                        .properties()
                        .getProperty("password", "");
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException("FUNCTIONS_PASSWORD, as a URL, " + e.getMessage() + ".", e);
            }
        }
        if (!Secrets.isArn(given)) {
            check(given);
        }
        return new FunctionsPassword(given, environment);
    }

    /** What the server stores; empty to keep the existing password. The password itself never reaches it, its logs or its statistics. */
    String verifier() throws Stop {
        try {
            var password = Secrets.isArn(given)
                    ? new Secrets(name -> environment.getOrDefault(name, "")).value(given, Duration.ofSeconds(10))
                    : given;
            check(password);
            return password.isEmpty() ? "" : PasswordUtil.encodeScramSha256(password.toCharArray());
        } catch (IOException e) {
            throw Stop.failed("The password of the functions could not be read: " + e.getMessage());
        }
    }

    /** Clients encode other characters differently. */
    private static void check(String password) {
        if (!password.chars().allMatch(character -> character > ' ' && character < 0x7f)) {
            throw new IllegalArgumentException(
                    "FUNCTIONS_PASSWORD may have printable ASCII characters only, no spaces.");
        }
    }
}
