package history.isolation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Everything that {@link ApiClaims} claims holds. */
final class ApiIsolationTest {
    @Test
    void everyClaimHolds() throws Exception {
        var claims = ApiClaims.check();

        assertTrue(claims.size() > 80, claims.size() + " claims");
        assertEquals(
                List.of(),
                claims.entrySet().stream()
                        .filter(claim -> !claim.getValue())
                        .map(Map.Entry::getKey)
                        .toList());
    }
}
