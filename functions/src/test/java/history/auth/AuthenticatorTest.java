package history.auth;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class AuthenticatorTest {
    private static final UUID ADA = UUID.fromString("0a0a0a0a-0000-4000-8000-0000000000ad");

    static Stream<Tokens> issuers() {
        return Stream.of(Tokens.hs256(), Tokens.rs256(), Tokens.es256(), Tokens.eddsa());
    }

    @ParameterizedTest
    @MethodSource("issuers")
    void believesATokenOfEveryAcceptedAlgorithm(Tokens tokens) {
        var caller = Authenticator.from(tokens.environment())
                .authenticate(tokens.user(ADA).bearer());
        assertEquals(new Caller(ADA, null), caller);
    }
}
