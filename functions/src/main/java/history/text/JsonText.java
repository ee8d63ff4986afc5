package history.text;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;

/** Writes JSON straight to text, without building a tree. */
public final class JsonText {
    private JsonText() {}

    /** Writes one value. */
    @FunctionalInterface
    public interface Writer {
        void write(JsonGenerator json) throws IOException;
    }

    public static String of(Writer writer) {
        var text = new StringWriter();
        try (JsonGenerator json = Json.MAPPER.createGenerator(text)) {
            writer.write(json);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return text.toString();
    }

    /** The text of a tree of any depth: as tokens it is written without recursion. */
    public static String of(JsonNode tree) {
        return of((JsonGenerator json) -> {
            try (var tokens = tree.traverse()) {
                tokens.nextToken();
                json.copyCurrentStructure(tokens);
            }
        });
    }
}
