package history.fuzz;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.code_intelligence.jazzer.mutation.annotation.NotNull;
import history.fixture.Api;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/** Bytes that claim to be an event, at every function. */
final class EventFuzzTest {
    private static final List<String> ROUTES = Api.routes();

    static Stream<byte[]> answersWhateverTheGatewaySends() {
        var bearer = Target.world().ada().bearer();
        return Stream.of("""
                {"version":"2.0","rawPath":"/api/conversations","headers":{"authorization":"%s","content-type":"application/json"},"queryStringParameters":{"limit":"2"},"requestContext":{"http":{"method":"POST"},"stage":"$default","requestId":"r"},"body":"{\\"title\\":\\"a\\"}","isBase64Encoded":false}""", """
                {"httpMethod":"GET","path":"/prod/api/conversations/x","multiValueHeaders":{"Authorization":["%s"]},"pathParameters":{"id":"00000000-0000-4000-8000-000000000001"},"multiValueQueryStringParameters":{"before":["1","2"]},"requestContext":{"stage":"prod"},"body":null}""", """
                {"headers":{"authorization":"%s"},"body":"eyJtZXNzYWdlIjoiaGkifQ==","isBase64Encoded":true}""", """
                {"version":"2.0","routeKey":"GET /api/conversations/{id}","rawPath":"/dev/api/conversations/a b%20c/ü\\"<>","pathParameters":{"id":"a b%20c/ü\\"<>"},"headers":{"authorization":"%s","accept":"text/*;q=0.5, */*;q=0"},"queryStringParameters":{"limit":"1","format":"ui-messages"},"requestContext":{"http":{"method":"GET"},"stage":"dev"}}""", """
                {"version":"2.0","routeKey":"$default","rawPath":"//evil.example.com/api/conversations/%00%0d%0A%zz","headers":{"authorization":"%s"},"requestContext":{"http":{"method":"HEAD"},"stage":"$default"}}""", """
                {"resource":"/api/conversations","path":"/history/api/conversations","httpMethod":"GET","multiValueHeaders":{"Authorization":["%s"],"If-None-Match":["\\"a,b\\"","W/\\"c\\", *"]},"requestContext":{"path":"/history/api/conversations","stage":"live"}}""", """
                {"httpMethod":"GET","path":"/api/conversations/%C3%BC","headers":{"authorization":"%s"},"queryStringParameters":{"before":"%31","x%":"%"},"requestContext":{"elb":{"targetGroupArn":"arn"}}}""", "[]", "{\"headers\":[[[[{}]]]]}")
                .map(event -> event.replace("%s", String.valueOf(bearer)).getBytes(StandardCharsets.UTF_8));
    }

    @MethodSource
    @FuzzTest
    void answersWhateverTheGatewaySends(byte @NotNull [] event) {
        var route = ROUTES.get(event.length % ROUTES.size());
        Target.checked(Target.world().api().send(route, event));
    }
}
