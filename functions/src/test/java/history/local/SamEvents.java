package history.local;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent.RequestContext;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The events that {@code sam local invoke} is given: files of the folder {@code sam}, one for each route and action. */
public final class SamEvents {
    /** What stands for the token in a file. */
    public static final String TOKEN = "TOKEN";

    private static final List<String> ACTIONS =
            List.of("status", "check", "prepare", "migrate", "verify", "rollback", "complete");

    private static final Map<String, String> BODIES = Map.of(
            "Chat",
            "{\"id\":\"sam-demo\",\"messages\":[{\"id\":\"m1\",\"role\":\"user\",\"parts\":[{\"type\":\"text\",\"text\":\"Hello\"}]}]}",
            "CreateConversation",
            "{\"title\":\"Made by hand\"}",
            "PatchConversation",
            "{\"title\":\"Renamed\"}");

    private static final JsonMapper JSON = JsonMapper.builder()
            .defaultPropertyInclusion(JsonInclude.Value.ALL_NON_NULL)
            .enable(MapperFeature.SORT_PROPERTIES_ALPHABETICALLY)
            .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
            .build();

    private SamEvents() {}

    /** By the names of the files. */
    static Map<String, String> of(Template template) throws JsonProcessingException {
        var files = new LinkedHashMap<String, String>();
        for (var function : template.functions()) {
            for (var event : function.properties().path("Events")) {
                if (!event.path("Type").asText().equals("HttpApi")) {
                    continue;
                }
                var at = event.path("Properties");
                var route =
                        new Route(at.path("Method").asText(), at.path("Path").asText(), function.handler(), 0);
                files.put(function.name() + ".json", json(event(route, function.name())));
            }
        }
        for (var action : ACTIONS) {
            files.put(
                    "Migration-" + action + ".json",
                    json(
                            action.equals("complete")
                                    ? Map.of("action", action, "confirm", "drop 120 arrays")
                                    : Map.of("action", action)));
        }
        return files;
    }

    private static String json(Object event) throws JsonProcessingException {
        return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(event) + "\n";
    }

    private static APIGatewayV2HTTPEvent event(Route route, String function) {
        var parameters = new LinkedHashMap<String, String>();
        if (route.path().contains("{id}")) {
            parameters.put("id", "sam-demo");
        }
        if (route.path().contains("{message}")) {
            parameters.put("message", "m1");
        }
        var path = route.path().replace("{id}", "sam-demo").replace("{message}", "m1");
        return APIGatewayV2HTTPEvent.builder()
                .withVersion("2.0")
                .withRouteKey(route.key())
                .withRawPath(path)
                .withRawQueryString("")
                .withHeaders(Map.of("authorization", "Bearer " + TOKEN, "content-type", "application/json"))
                .withPathParameters(parameters.isEmpty() ? null : parameters)
                .withRequestContext(RequestContext.builder()
                        .withHttp(RequestContext.Http.builder()
                                .withMethod(route.method())
                                .withPath(path)
                                .build())
                        .withRouteKey(route.key())
                        .withStage("$default")
                        .build())
                .withBody(BODIES.get(function))
                .withIsBase64Encoded(false)
                .build();
    }
}
