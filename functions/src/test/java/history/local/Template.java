package history.local;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.NullNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.AbstractConstruct;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;

/** What {@code template.yaml} says to whoever plays the cloud: functions, routes and CORS, with every parameter at its default. */
public record Template(JsonNode root) {
    /** @param properties with what the template's globals add */
    record Function(String name, String type, JsonNode properties) {
        String handler() {
            return properties.path("Handler").asText();
        }
    }

    public static Template read(Path file) throws IOException {
        return parse(Files.readString(file));
    }

    static Template parse(String yaml) {
        return new Template(new ObjectMapper().valueToTree(new Yaml(new Intrinsics()).load(yaml)));
    }

    List<Function> functions() {
        var functions = new ArrayList<Function>();
        root.path("Resources").properties().forEach(resource -> {
            var type = resource.getValue().path("Type").asText();
            if (type.equals("AWS::Serverless::Function") || type.equals("AWS::Lambda::Function")) {
                functions.add(new Function(resource.getKey(), type, properties(resource.getValue(), type)));
            }
        });
        return functions;
    }

    private JsonNode properties(JsonNode resource, String type) {
        var own = resource.path("Properties");
        return type.equals("AWS::Lambda::Function")
                ? own
                : merged(root.path("Globals").path("Function"), own);
    }

    private static JsonNode merged(JsonNode global, JsonNode own) {
        if (!global.isObject() || !own.isObject()) {
            return own.isMissingNode() ? global : own;
        }
        var names = new TreeSet<String>();
        global.fieldNames().forEachRemaining(names::add);
        own.fieldNames().forEachRemaining(names::add);
        var result = new ObjectMapper().createObjectNode();
        names.forEach(name -> result.set(name, merged(global.path(name), own.path(name))));
        return result;
    }

    List<Route> routes() {
        var routes = new ArrayList<Route>();
        for (var function : functions()) {
            for (var event : function.properties().path("Events")) {
                if (event.path("Type").asText().equals("HttpApi")) {
                    var at = event.path("Properties");
                    var seconds =
                            resolved(function.properties().path("Timeout")).asInt(3);
                    routes.add(new Route(
                            at.path("Method").asText(), at.path("Path").asText(), function.handler(), seconds));
                }
            }
        }
        return routes;
    }

    Cors cors() {
        for (var resource : root.path("Resources")) {
            if (resource.path("Type").asText().equals("AWS::Serverless::HttpApi")) {
                var cors = resource.path("Properties").path("CorsConfiguration");
                return new Cors(
                        texts(cors.path("AllowOrigins")),
                        texts(cors.path("AllowMethods")),
                        texts(cors.path("AllowHeaders")),
                        texts(cors.path("ExposeHeaders")),
                        cors.path("MaxAge").asInt());
            }
        }
        throw new IllegalArgumentException("The template has no AWS::Serverless::HttpApi.");
    }

    private List<String> texts(JsonNode node) {
        var value = resolved(node);
        if (value.isTextual()) {
            return List.of(value.asText().split(",", -1));
        }
        var texts = new ArrayList<String>();
        value.forEach(text -> texts.add(text.asText()));
        return texts;
    }

    private JsonNode resolved(JsonNode node) {
        return node.has("Ref")
                ? root.path("Parameters").path(node.path("Ref").asText()).path("Default")
                : node;
    }

    /** Reads {@code !Ref x} as the long form {@code {"Ref": x}}, and the other short forms alike. */
    private static final class Intrinsics extends SafeConstructor {
        Intrinsics() {
            super(new LoaderOptions());
            yamlMultiConstructors.put("!", new AbstractConstruct() {
                @Override
                public Object construct(Node node) {
                    var name = node.getTag().getValue().substring(1);
                    return Map.of(name.equals("Ref") ? name : "Fn::" + name, untagged(node));
                }
            });
        }

        private Object untagged(Node node) {
            return switch (node) {
                case ScalarNode scalar -> constructScalar(scalar);
                case SequenceNode sequence -> constructSequence(sequence);
                case MappingNode mapping -> constructMapping(mapping);
                default -> NullNode.getInstance();
            };
        }
    }
}
