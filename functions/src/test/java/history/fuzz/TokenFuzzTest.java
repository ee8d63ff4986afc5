package history.fuzz;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.code_intelligence.jazzer.junit.FuzzTest;
import history.auth.Authenticator;
import history.auth.Tokens;
import history.failure.Failure;
import history.fixture.Configured;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/** A token that nobody signed is refused as unauthorized, whatever it looks like. */
final class TokenFuzzTest {
    private static final UUID ADA = UUID.fromString("00000000-0000-4000-8000-0000000000ad");
    private static final Tokens TRUSTED = Tokens.es256();
    private static final Authenticator AUTHENTICATOR = Configured.read(TRUSTED.environment(), Authenticator::from);
    private static final String GOOD = TRUSTED.user(ADA).bearer();

    static Stream<String> refusesWhatItDidNotSign() {
        return Stream.of(
                GOOD,
                Tokens.hs256().user(ADA).bearer(),
                TRUSTED.user(ADA).header("alg", "none").bearer(),
                TRUSTED.user(ADA).header("crit", "exp").bearer(),
                TRUSTED.user(ADA)
                        .claim("app_metadata", Map.of("tenant_id", ADA.toString()))
                        .bearer(),
                "Bearer ..",
                "Bearer e30.e30.e30",
                "Basic QWRhOnNlY3JldA==");
    }

    @MethodSource
    @FuzzTest
    void refusesWhatItDidNotSign(String authorization) {
        try {
            var caller = AUTHENTICATOR.authenticate(authorization);
            assertEquals(ADA, caller.userId());
        } catch (Failure refused) {
            assertEquals(Failure.Kind.UNAUTHORIZED, refused.kind());
            assertEquals(null, refused.getCause());
        }
    }
}
