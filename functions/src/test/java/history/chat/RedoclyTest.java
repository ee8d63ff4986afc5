package history.chat;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Redocly's linter, with the rules that it recommends. */
@Tag("clients")
class RedoclyTest {
    @Test
    void findsNoErrorAndNoWarningInTheContract() throws Exception {
        var contract = Path.of("..", "docs", "openapi.yaml").toAbsolutePath();
        var lint = Npm.install("redocly", "package.json")
                .start("node_modules/.bin/redocly", "lint", "--format=stylish", contract.toString());
        var output = new String(lint.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, lint.waitFor(), output);
        assertFalse(output.contains("warning"), output);
    }
}
