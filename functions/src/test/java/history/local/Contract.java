package history.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.InputFormat;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import org.yaml.snakeyaml.Yaml;

/** {@code docs/openapi.yaml}, and whether answers keep to it. */
record Contract(JsonNode document) {
    private static final SchemaRegistry SCHEMAS = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);

    static Contract read(Path file) throws IOException {
        return new Contract(new ObjectMapper().valueToTree(new Yaml().load(Files.readString(file))));
    }

    /** As {@link Route#key} writes them. */
    Set<String> operations() {
        var operations = new TreeSet<String>();
        document.path("paths")
                .properties()
                .forEach(path -> path.getValue().fieldNames().forEachRemaining(method -> {
                    if (!method.equals("parameters")) {
                        operations.add(method.toUpperCase(Locale.ROOT) + " " + path.getKey());
                    }
                }));
        return operations;
    }

    /** Fails unless this status, with these headers and this body, is described for the operation. */
    void check(HttpResponse<String> answer) {
        var request = answer.request().method() + " " + answer.uri().getPath();
        var described = operation(answer.request().method(), answer.uri().getRawPath())
                .path("responses")
                .path(Integer.toString(answer.statusCode()));
        assertFalse(described.isMissingNode(), request + " answers " + answer.statusCode() + ": " + answer.body());
        var response = resolved(described);
        response.path("headers").fieldNames().forEachRemaining(name -> {
            if (Set.of("ETag", "Location", "Retry-After", "WWW-Authenticate").contains(name)) {
                assertTrue(answer.headers().firstValue(name).isPresent(), request + " has no " + name);
            }
        });
        var type = answer.headers().firstValue("content-type").orElse("").replaceFirst(";.*", "");
        if (!response.has("content")) {
            assertEquals("", answer.body(), request);
            return;
        }
        var content = response.path("content").path(type);
        assertFalse(content.isMissingNode(), request + " answers " + type);
        if (type.endsWith("json")) {
            assertEquals("[]", errors(content.path("schema"), answer.body()), request + ": " + answer.body());
        }
    }

    /** What a request may look like. */
    String errorsOfRequest(String method, String path, String body) {
        var content =
                operation(method, path).path("requestBody").path("content").path("application/json");
        return errors(content.path("schema"), body);
    }

    private JsonNode operation(String method, String path) {
        for (var candidate : document.path("paths").properties()) {
            if (new Route(method, candidate.getKey(), "", 0).match(method, path).isPresent()) {
                return candidate.getValue().path(method.toLowerCase(Locale.ROOT));
            }
        }
        throw new AssertionError("not described: " + method + " " + path);
    }

    private JsonNode resolved(JsonNode node) {
        return node.has("$ref") ? document.at(node.path("$ref").asText().substring(1)) : node;
    }

    private String errors(JsonNode schema, String json) {
        var whole = schema.<ObjectNode>deepCopy();
        whole.set("components", document.path("components"));
        return SCHEMAS.getSchema(whole).validate(json, InputFormat.JSON).toString();
    }
}
