package history.local;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;

/**
 * Somebody who calls a local run.
 *
 * @param token empty for none
 */
record Client(HttpClient http, String url, String token) {
    static final String ADA = "{\"email\":\"ada@example.com\",\"tenant\":\"demo\",\"role\":\"user\"}";
    static final String BOB = "{\"email\":\"bob@example.com\",\"tenant\":\"other\",\"role\":\"admin\"}";

    private static final ObjectMapper JSON = new ObjectMapper();

    /** The one whom {@code POST /local/token} makes of this body. */
    Client login(String who) throws Exception {
        return new Client(
                http,
                url,
                json(send(request("POST", "/local/token", who)), 200)
                        .path("access_token")
                        .asText());
    }

    /** The same caller, at another address. */
    Client as(Client other) {
        return new Client(http, url, other.token());
    }

    HttpRequest.Builder get(String path) {
        return request("GET", path, "");
    }

    HttpRequest.Builder post(String path, String json) {
        return request("POST", path, json);
    }

    HttpRequest.Builder request(String method, String path, String json) {
        var request = HttpRequest.newBuilder(URI.create(url + path))
                .method(method, json.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(json));
        if (!json.isEmpty()) {
            request.setHeader("Content-Type", "application/json");
        }
        return token.isEmpty() ? request : request.setHeader("Authorization", "Bearer " + token);
    }

    HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
        return http.send(request.build(), BodyHandlers.ofString());
    }

    static JsonNode json(HttpResponse<String> answer, int status) throws JsonProcessingException {
        assertEquals(status, answer.statusCode(), answer.body());
        return JSON.readTree(answer.body());
    }

    static String header(HttpResponse<?> answer, String name) {
        return answer.headers().firstValue(name).orElse("");
    }
}
