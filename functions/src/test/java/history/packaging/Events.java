package history.packaging;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import history.fixture.Person;

/** Events of an API gateway. */
public final class Events {
    private Events() {}

    static String get(String path, Person caller) {
        return event("GET", path, caller).toString();
    }

    static String post(String path, Person caller, String body) {
        return of("POST", path, caller, body);
    }

    public static String of(String method, String path, Person caller, String body) {
        return event(method, path, caller).put("body", body).toString();
    }

    private static ObjectNode event(String method, String path, Person caller) {
        var event =
                new JsonMapper().createObjectNode().put("httpMethod", method).put("path", path);
        event.putObject("headers")
                .put("authorization", caller.bearer())
                .put("content-type", "application/json")
                .put("accept", "*/*");
        event.putObject("requestContext").put("path", "/live" + path).put("stage", "live");
        return event;
    }
}
