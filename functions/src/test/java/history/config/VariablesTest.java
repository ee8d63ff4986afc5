package history.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class VariablesTest {
    private static List<String> complaints(Variables variables) {
        return String.valueOf(assertThrows(IllegalArgumentException.class, variables::check)
                        .getMessage())
                .lines()
                .toList();
    }

    @Test
    void anEmptyVariableCountsAsUnset() {
        var variables = new Variables(Map.of("CHAT_A", "", "CHAT_B", " \n", "CHAT_C", " c "));
        assertTrue(variables.text("CHAT_A").isEmpty());
        assertEquals(7, variables.number("CHAT_B", 7, 1, 9));
        assertEquals(" c ", variables.text("CHAT_C").orElseThrow(), "a secret may end with a blank");
        variables.check();
        assertEquals("", variables.required("CHAT_A", "something"));
        assertEquals(List.of("CHAT_A is required: something"), complaints(variables));
    }

    @Test
    void saysEverythingAtOnceAndNothingTwice() {
        var variables = new Variables(Map.of("CHAT_A", "10", "CHAT_B", "1e3", "CHAT_C", "hush"));
        variables.number("CHAT_A", 1, 1, 9);
        variables.number("CHAT_B", 1, 1, 9);
        variables.number("CHAT_B", 1, 1, 9);
        variables.value("CHAT_C", secret -> {
            throw new IllegalArgumentException("must be longer");
        });
        assertEquals(
                List.of(
                        "CHAT_A must be a whole number from 1 to 9, not 10",
                        "CHAT_B must be a whole number from 1 to 9, not 1e3",
                        "CHAT_C must be longer"),
                complaints(variables));
    }

    @Test
    void aVariableOfOursThatNobodyReadsIsMisspelt() {
        var variables = new Variables(Map.of(
                "JWT_ISSUER", "a", "JWT_ISUER", "b", "JWT_OLD", "", "CHAT_MODEL", "another function's", "PATH", "/"));
        variables.text("JWT_ISSUER");
        variables.text("JWT_AUDIENCE");
        assertEquals(List.of("JWT_ISUER is unknown; there are JWT_AUDIENCE, JWT_ISSUER"), complaints(variables));
    }
}
