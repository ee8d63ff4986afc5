package history.text;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamWriteConstraints;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;

/** Writes JSON straight to text, without building a tree: a mapper takes 600 classes and a third of a cold start. */
public final class JsonText {
    /** Without limits: what is stored was limited when it was written, or the owner of the database wrote it. */
    static final JsonFactory JSON = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(Integer.MAX_VALUE)
                    .maxNumberLength(Integer.MAX_VALUE)
                    .maxStringLength(Integer.MAX_VALUE)
                    .maxNameLength(Integer.MAX_VALUE)
                    .build())
            .streamWriteConstraints(StreamWriteConstraints.builder()
                    .maxNestingDepth(Integer.MAX_VALUE)
                    .build())
            .build();

    private JsonText() {}

    /** Writes one value. */
    @FunctionalInterface
    public interface Writer {
        void write(JsonGenerator json) throws IOException;
    }

    public static String of(Writer writer) {
        var text = new StringWriter();
        try (JsonGenerator json = JSON.createGenerator(text)) {
            writer.write(json);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return text.toString();
    }

    /** An object, of which the members are written. */
    public static String object(Writer members) {
        return of(json -> {
            json.writeStartObject();
            members.write(json);
            json.writeEndObject();
        });
    }

    /** Reads JSON that is stored. */
    public static JsonParser parser(String json) throws IOException {
        return JSON.createParser(json);
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
