package history.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.BindException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Against a small template and functions that show what they were given. */
@Timeout(30)
final class GatewayTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String TEMPLATE = """
            Parameters:
              Origins: {Type: CommaDelimitedList, Default: "http://localhost:5173,https://app.example.com"}
            Globals:
              Function: {Timeout: 7}
            Resources:
              Api:
                Type: AWS::Serverless::HttpApi
                Properties:
                  CorsConfiguration:
                    AllowOrigins: !Ref Origins
                    AllowMethods: [GET, POST]
                    AllowHeaders: [Authorization, Content-Type]
                    ExposeHeaders: [ETag, Link]
                    MaxAge: 600
              Echo:
                Type: AWS::Serverless::Function
                Properties:
                  Handler: Echo
                  Events:
                    Post: {Type: HttpApi, Properties: {ApiId: !Ref Api, Method: POST, Path: /echo}}
                    Get: {Type: HttpApi, Properties: {ApiId: !Ref Api, Method: GET, Path: "/echo/{id}"}}
              Stream:
                Type: AWS::Serverless::Function
                Properties:
                  Handler: Stream
                  Timeout: 60
                  Events:
                    Get: {Type: HttpApi, Properties: {ApiId: !Ref Api, Method: GET, Path: /stream}}
              Broken:
                Type: AWS::Serverless::Function
                Properties:
                  Handler: Broken
                  Events:
                    Get: {Type: HttpApi, Properties: {ApiId: !Ref Api, Method: GET, Path: "/broken/{how}"}}
            """;

    private final HttpClient client = HttpClient.newHttpClient();
    private final CountDownLatch firstEventWasRead = new CountDownLatch(1);
    private final CountDownLatch streamWasWritten = new CountDownLatch(1);
    private Gateway gateway;

    @BeforeEach
    void start() throws Exception {
        gateway = Gateway.bind(0);
        Map<String, RequestStreamHandler> functions =
                Map.of("Echo", GatewayTest::echo, "Stream", this::stream, "Broken", GatewayTest::broken);
        gateway.start(Template.parse(TEMPLATE), name -> Objects.requireNonNull(functions.get(name)), Map.of());
    }

    @AfterEach
    void stop() {
        gateway.close();
        client.close();
    }

    @Test
    void givesTheFunctionAnEventOfPayload2() throws Exception {
        var answer = send(request("/echo/a%20b+c%C3%A4?x=1&x=2&y=%26&z")
                .header("X-Many", "one")
                .header("X-Many", "two")
                .header("Cookie", "a=1; b=2"));
        var event = JSON.configure(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES, false)
                .readValue(answer.body(), APIGatewayV2HTTPEvent.class);

        assertEquals("2.0", event.getVersion());
        assertEquals("GET /echo/{id}", event.getRouteKey());
        assertEquals("/echo/a b+cä", event.getRawPath());
        assertEquals("x=1&x=2&y=%26&z", event.getRawQueryString());
        assertEquals(Map.of("x", "1,2", "y", "&", "z", ""), event.getQueryStringParameters());
        assertEquals(Map.of("id", "a b+cä"), event.getPathParameters());
        assertEquals("one,two", event.getHeaders().get("x-many"));
        assertEquals(List.of("a=1", "b=2"), event.getCookies());
        assertEquals("GET", event.getRequestContext().getHttp().getMethod());
        assertEquals("$default", event.getRequestContext().getStage());
        assertEquals(
                answer.headers().firstValue("apigw-requestid").orElseThrow(),
                event.getRequestContext().getRequestId());
    }

    @Test
    void passesTextAsItIsAndAnythingElseAsBase64() throws Exception {
        var json = event(post("{\"a\":\"😀\"}", "Application/JSON; charset=utf-8"));
        var other = event(post("a=ä", "application/x-www-form-urlencoded"));

        assertEquals("{\"a\":\"😀\"}", json.path("body").asText());
        assertFalse(json.path("isBase64Encoded").asBoolean());
        assertTrue(other.path("isBase64Encoded").asBoolean());
        assertEquals(
                "a=ä", new String(Base64.getDecoder().decode(other.path("body").asText()), StandardCharsets.UTF_8));
    }

    @Test
    void answersWithTheFunctionsStatusHeadersAndCookies() throws Exception {
        var answer = send(post("{}", "application/json"));

        assertEquals(201, answer.statusCode());
        assertEquals("\"1\"", answer.headers().firstValue("etag").orElseThrow());
        assertEquals("a=1", answer.headers().firstValue("set-cookie").orElseThrow());
        var left = Integer.parseInt(answer.headers().firstValue("x-left").orElseThrow());
        assertTrue(left > 5000 && left <= 7000, "of the template's 7 seconds " + left + " ms are left");
    }

    @Test
    void handsOnEachEventWhileTheFunctionRuns() throws Exception {
        var answer = client.send(request("/stream").build(), BodyHandlers.ofInputStream());
        try (var body = answer.body()) {
            assertEquals("data: 1\n\n", new String(body.readNBytes(9), StandardCharsets.UTF_8));
            assertEquals(1, streamWasWritten.getCount());
            firstEventWasRead.countDown();
            assertEquals(
                    1000,
                    new String(body.readAllBytes(), StandardCharsets.UTF_8)
                            .lines()
                            .filter(line -> !line.isEmpty())
                            .count());
        }
    }

    @Test
    void aClientThatLeavesDoesNotStopTheFunction() throws Exception {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), gateway.port())) {
            write(socket.getOutputStream(), "GET /stream HTTP/1.1\r\nHost: localhost\r\n\r\n");
            assertEquals('H', socket.getInputStream().read());
            socket.setSoLinger(true, 0);
        }
        firstEventWasRead.countDown();

        await(streamWasWritten);
    }

    @Test
    void refusesWhatNoRouteServes() throws Exception {
        for (var path : List.of("/", "/nothing", "/echo/", "/echo/1/2", "/stream/", "/local/token")) {
            assertMessage(404, "Not Found", send(request(path)));
        }
        assertMessage(404, "Not Found", send(request("/echo/1").DELETE()));
        assertEquals(
                404,
                send(request("/echo/1").method("HEAD", HttpRequest.BodyPublishers.noBody()))
                        .statusCode());
    }

    @Test
    void answersAPreflightItself() throws Exception {
        var allowed = send(preflight("http://localhost:5173"));
        var refused = send(preflight("https://evil.example.com"));

        assertEquals(204, allowed.statusCode());
        assertEquals("http://localhost:5173", header(allowed, "access-control-allow-origin"));
        assertEquals("GET,POST", header(allowed, "access-control-allow-methods"));
        assertEquals("Authorization,Content-Type", header(allowed, "access-control-allow-headers"));
        assertEquals("600", header(allowed, "access-control-max-age"));
        assertEquals(204, refused.statusCode());
        assertEquals("", header(refused, "access-control-allow-origin"));
    }

    @Test
    void tellsBrowsersWhatTheTemplateAllowsAndNotWhatTheFunctionSays() throws Exception {
        var allowed = send(request("/echo/1").header("Origin", "https://app.example.com"));
        var refused = send(request("/echo/1").header("Origin", "https://evil.example.com"));
        var missing = send(request("/nothing").header("Origin", "https://app.example.com"));

        assertEquals("https://app.example.com", header(allowed, "access-control-allow-origin"));
        assertEquals("ETag,Link", header(allowed, "access-control-expose-headers"));
        assertEquals("", header(refused, "access-control-allow-origin"));
        assertEquals("https://app.example.com", header(missing, "access-control-allow-origin"));
    }

    @Test
    void refusesABodyThatLambdaWouldNotTake() throws Exception {
        assertMessage(413, "Request Entity Too Large", send(post("x".repeat(Gateway.PAYLOAD_LIMIT + 1), "text/plain")));
        // Escaping makes the event larger than the body.
        assertMessage(413, "Request Entity Too Large", send(post("\"".repeat(4_000_000), "text/plain")));
        assertEquals(201, send(post("x".repeat(2_000_000), "text/plain")).statusCode());
    }

    @Test
    void hidesWhatWentWrongInAFunction() throws Exception {
        assertMessage(500, "Internal Server Error", send(request("/broken/throws")));
        assertMessage(500, "Internal Server Error", send(request("/broken/huge")));
    }

    @Test
    void doesNotEndATorsoLikeAWholeAnswer() {
        assertThrows(IOException.class, () -> send(request("/broken/torso")));
    }

    @Test
    void saysWhenThePortIsTaken() {
        assertThrows(BindException.class, () -> Gateway.bind(gateway.port()).close());
    }

    @Test
    void listensOnTheLoopbackOnly() throws Exception {
        for (var network : NetworkInterface.networkInterfaces().toList()) {
            for (var address : network.inetAddresses().toList()) {
                if (address instanceof Inet4Address && !address.isLoopbackAddress()) {
                    assertThrows(IOException.class, () -> new Socket(address, gateway.port()).close());
                }
            }
        }
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + gateway.port() + path));
    }

    private HttpRequest.Builder post(String body, String type) {
        return request("/echo").header("Content-Type", type).POST(HttpRequest.BodyPublishers.ofString(body));
    }

    private HttpRequest.Builder preflight(String origin) {
        return request("/echo")
                .header("Origin", origin)
                .header("Access-Control-Request-Method", "POST")
                .method("OPTIONS", HttpRequest.BodyPublishers.noBody());
    }

    private HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
        return client.send(request.build(), BodyHandlers.ofString());
    }

    private JsonNode event(HttpRequest.Builder request) throws Exception {
        return JSON.readTree(send(request).body());
    }

    private static String header(HttpResponse<?> answer, String name) {
        return String.join("|", answer.headers().allValues(name));
    }

    private static void assertMessage(int status, String message, HttpResponse<String> answer) {
        assertEquals(status, answer.statusCode());
        assertEquals("application/json", header(answer, "content-type"));
        assertEquals("{\"message\":\"%s\"}".formatted(message), answer.body());
    }

    private static void echo(InputStream event, OutputStream answer, Context context) throws IOException {
        var head = Map.of(
                "ETag", "\"1\"", "Access-Control-Allow-Origin", "*", "x-left", context.getRemainingTimeInMillis());
        var body = new String(event.readAllBytes(), StandardCharsets.UTF_8);
        write(
                answer,
                "{\"statusCode\":201,\"cookies\":[\"a=1\"],\"headers\":%s,\"body\":%s}"
                        .formatted(JSON.writeValueAsString(head), JSON.writeValueAsString(body)));
    }

    private void stream(InputStream event, OutputStream answer, Context context) throws IOException {
        write(
                answer,
                "{\"statusCode\":200,\"headers\":{\"content-type\":\"text/event-stream\"},\"body\":\"data: 1\\n\\n");
        answer.flush();
        await(firstEventWasRead);
        for (var i = 0; i < 1000; i++) {
            write(answer, "data: more\\n\\n");
            answer.flush();
        }
        write(answer, "\"}");
        streamWasWritten.countDown();
    }

    private static void broken(InputStream event, OutputStream answer, Context context) throws IOException {
        switch (JSON.readTree(event).path("pathParameters").path("how").asText()) {
            case "throws" -> throw new IllegalStateException("on purpose");
            case "torso" -> {
                write(
                        answer,
                        "{\"statusCode\":200,\"headers\":{\"content-type\":\"text/event-stream\"},\"body\":\"data: 1\\n\\n");
                answer.flush();
                throw new IllegalStateException("on purpose");
            }
            default -> write(answer, "{\"statusCode\":200,\"body\":\"" + "x".repeat(Gateway.PAYLOAD_LIMIT) + "\"}");
        }
    }

    private static void write(OutputStream answer, String text) throws IOException {
        answer.write(text.getBytes(StandardCharsets.UTF_8));
    }

    private static void await(CountDownLatch latch) {
        try {
            assertTrue(latch.await(20, TimeUnit.SECONDS));
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
