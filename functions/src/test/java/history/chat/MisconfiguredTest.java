package history.chat;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class MisconfiguredTest {
    @Test
    void aFunctionThatCannotStartSaysAllThatIsWrong() {
        var environment = Map.of(
                "DATABASE_URL", "mysql://ada:hush@db.example.com/history",
                "DATABASE_POOL_SIZE", "0",
                "JWT_ISSUER", "https://issuer.example.com",
                "JWT_SECRET", "hush",
                "CHAT_PROVIDER", "bedrock",
                "CHAT_TIMEOUT", "5",
                "CORS_ORIGINS", "x",
                "LIMIT_TURNS_PER_MINUTE", "many",
                "LIMIT_TOKENS_PER_DAY", "0",
                "LIMIT_TURNS", "5");
        var complaint = String.valueOf(assertThrows(IllegalArgumentException.class, () -> new ChatHandler(environment))
                .getMessage());
        assertEquals(
                List.of(
                        "CHAT_MODEL must",
                        "JWT_AUDIENCE is",
                        "JWT_SECRET must",
                        "CORS_ORIGINS must",
                        "DATABASE_POOL_SIZE must",
                        "DATABASE_URL must",
                        "AWS_REGION must",
                        "CHAT_PROVIDER=bedrock needs",
                        "LIMIT_TURNS_PER_MINUTE must",
                        "LIMIT_TOKENS_PER_DAY must",
                        "CHAT_TIMEOUT is",
                        "LIMIT_TURNS is"),
                complaint
                        .lines()
                        .map(line -> line.replaceFirst("^(\\S+ \\S+).*", "$1"))
                        .toList());
        assertEquals(-1, complaint.indexOf("hush"));
    }
}
