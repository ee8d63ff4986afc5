package history.migration;

import org.postgresql.util.PasswordUtil;

/** What PostgreSQL stores of a password. The password itself never reaches the server, its logs or its statistics. */
final class ScramVerifier {
    private ScramVerifier() {}

    /** @throws IllegalArgumentException unless all characters are printable ASCII; clients encode others differently */
    static String of(String password) {
        check(password);
        return PasswordUtil.encodeScramSha256(password.toCharArray());
    }

    static void check(String password) {
        if (!password.chars().allMatch(character -> character > ' ' && character < 0x7f)) {
            throw new IllegalArgumentException(
                    "FUNCTIONS_PASSWORD may have printable ASCII characters only, no spaces.");
        }
    }
}
