package history.migration;

import org.postgresql.util.PasswordUtil;

/** What PostgreSQL keeps of a password, so that the password itself never reaches the server, its logs or its statistics. */
final class ScramVerifier {
    private ScramVerifier() {}

    /** @throws IllegalArgumentException for other than printable ASCII, which clients would encode in ways of their own */
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
