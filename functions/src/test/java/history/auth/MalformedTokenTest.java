package history.auth;

import static history.failure.Failure.Kind.UNAUTHORIZED;
import static history.fixture.Failures.assertFails;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import history.failure.Failure;
import history.fixture.Configured;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is no token at all, or no longer one. */
class MalformedTokenTest {

    private static final UUID ADA = UUID.fromString("0a0a0a0a-0000-4000-8000-0000000000ad");
    private static final Tokens EC = Tokens.es256();

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "null",
                "1",
                "\"a\"",
                "[]",
                "{",
                "{}",
                "{\"alg\":null}",
                "{\"alg\":1}",
                "{\"alg\":[\"ES256\"]}",
                "{\"alg\":\"ES256\",\"kid\":1}",
                "{\"alg\":\"ES256\",\"kid\":{}}",
                "\u0000",
                "{\"alg\":\"ES256\"}x"
            })
    void refusesAHeaderThatIsNone(String header) {
        assertEquals(
                "The token is malformed",
                refusal(Configured.read(EC.environment(), Authenticator::from), EC.signed(header, "{}")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "null", "1", "\"a\"", "[]", "{", "[{}]", "{\"sub\":}", "\u0000", "{}x"})
    void refusesClaimsThatAreNone(String claims) {
        assertEquals(
                "The token's claims are malformed",
                refusal(
                        Configured.read(EC.environment(), Authenticator::from),
                        EC.signed("{\"alg\":\"ES256\"}", claims)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a",
                ".",
                "..",
                "...",
                "a.b",
                "a.b.c",
                "a.b.c.d",
                "a.b.c.d.e",
                "é.é.é",
                "a b.c.d",
                "😀",
                "\u0000.\u0000.\u0000",
                "e30.e30.e30",
                "e30.e30.",
                "a\n.b.c",
                "%00",
                "undefined",
                "null",
                "[object Object]"
            })
    void refusesRubbish(String rubbish) {
        assertEquals(
                "The token is malformed", refusal(Configured.read(EC.environment(), Authenticator::from), rubbish));
    }

    @Test
    void refusesASignedTokenWithAPartTooMany() {
        var token = EC.user(ADA).sign();
        for (var longer : List.of(token + ".", token + ".e30", token + ".." + token)) {
            assertEquals(
                    "The token is malformed", refusal(Configured.read(EC.environment(), Authenticator::from), longer));
        }
    }

    private static @Nullable String refusal(Authenticator authenticator, String token) {
        return assertFails(UNAUTHORIZED, () -> authenticator.authenticate("Bearer " + token))
                .getMessage();
    }

    @Test
    void refusesEveryTokenThatDiffersFromASignedOneAndLogsNothingOfIt() {
        var authenticator = Configured.read(EC.environment(), Authenticator::from);
        var token = EC.user(ADA).sign();
        var random = new Random(7);
        var log = new Listener(token.split("\\.", -1)[1]);
        var root = Logger.getLogger("");
        var level = root.getLevel();
        root.addHandler(log);
        root.setLevel(Level.ALL);
        try {
            for (int i = 0; i < 5000; i++) {
                var mutant = mutate(token, random);
                if (!sameBytes(mutant, token)) {
                    var refusal =
                            assertThrows(Failure.class, () -> authenticator.authenticate("Bearer " + mutant), mutant);
                    assertEquals(UNAUTHORIZED, refusal.kind(), mutant);
                }
            }
        } finally {
            root.setLevel(level);
            root.removeHandler(log);
        }
        assertFalse(log.heardToken);
    }

    private static String mutate(String token, Random random) {
        var text = new StringBuilder(token);
        int at = random.nextInt(text.length());
        switch (random.nextInt(4)) {
            case 0 -> text.setCharAt(at, (char) (' ' + random.nextInt(95)));
            case 1 -> text.deleteCharAt(at);
            case 2 -> text.insert(at, (char) random.nextInt(0x3000));
            default -> text.setLength(at);
        }
        return text.toString();
    }

    /** The last bits of base64 may differ without meaning anything. */
    private static boolean sameBytes(String mutant, String token) {
        int signature = token.lastIndexOf('.') + 1;
        try {
            return mutant.strip().startsWith(token.substring(0, signature))
                    && Arrays.equals(
                            Base64.getUrlDecoder().decode(mutant.strip().substring(signature)),
                            Base64.getUrlDecoder().decode(token.substring(signature)));
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static final class Listener extends Handler {
        private final String secret;
        private boolean heardToken;

        Listener(String secret) {
            this.secret = secret;
            setLevel(Level.ALL);
        }

        @Override
        public void publish(LogRecord entry) {
            heardToken |=
                    (entry.getMessage() + Arrays.toString(entry.getParameters()) + entry.getThrown()).contains(secret);
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    }
}
