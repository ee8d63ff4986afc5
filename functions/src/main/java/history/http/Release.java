package history.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.io.UncheckedIOException;

/** Which release this is. */
final class Release {
    static final String VERSION = version();

    private Release() {}

    private static String version() {
        try (var text = requireNonNull(Release.class.getResourceAsStream("version.txt"))) {
            return new String(text.readAllBytes(), UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
