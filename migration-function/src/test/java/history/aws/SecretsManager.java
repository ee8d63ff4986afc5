package history.aws;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Secrets Manager, and the address where a snapshot gets its role's keys. It refuses what is not signed as AWS describes it; it
 * knows nothing of policies, versions and limits.
 */
public final class SecretsManager implements AutoCloseable {
    private static final String KEY_ID = "ASIAEXAMPLE";
    private static final String KEY = "secret/of+the=role";
    private static final String TOKEN = "token-of-the-container";

    private final HttpServer server;
    private final Map<String, String> secrets = new ConcurrentHashMap<>();
    private final AtomicInteger reads = new AtomicInteger();

    public SecretsManager() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::getSecretValue);
        server.createContext("/credentials", this::getCredentials);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.start();
    }

    /** The ARN of a secret with that name. */
    public static String arn(String name) {
        return "arn:aws:secretsmanager:eu-central-1:123456789012:secret:" + name;
    }

    public void put(String arn, String text) {
        secrets.put(arn + "AWSCURRENT", text);
        secrets.remove(arn + "AWSPENDING");
    }

    /** The beginning of a rotation. */
    public void prepare(String arn, String text) {
        secrets.put(arn + "AWSPENDING", text);
    }

    /** How often a secret was asked for. */
    public int reads() {
        return reads.get();
    }

    /** The keys of the role as variables, as without SnapStart. */
    public Map<String, String> keys() {
        return Map.of(
                "AWS_REGION",
                "eu-central-1",
                "AWS_ENDPOINT_URL_SECRETS_MANAGER",
                url(),
                "AWS_ACCESS_KEY_ID",
                KEY_ID,
                "AWS_SECRET_ACCESS_KEY",
                KEY,
                "AWS_SESSION_TOKEN",
                "session");
    }

    /** Where the keys of the role are, as with SnapStart. */
    public Map<String, String> container() {
        return Map.of(
                "AWS_REGION",
                "eu-central-1",
                "AWS_ENDPOINT_URL_SECRETS_MANAGER",
                url(),
                "AWS_CONTAINER_CREDENTIALS_FULL_URI",
                url() + "/credentials",
                "AWS_CONTAINER_AUTHORIZATION_TOKEN",
                TOKEN);
    }

    /** What is signed with the keys for that service. */
    public static SignatureV4 signatures(String service) {
        return new SignatureV4(KEY_ID, KEY, "eu-central-1", service);
    }

    private String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    private void getCredentials(HttpExchange exchange) throws IOException {
        var isOurs = TOKEN.equals(exchange.getRequestHeaders().getFirst("Authorization"));
        answer(
                exchange,
                isOurs ? 200 : 403,
                Map.of(
                        "AccessKeyId",
                        KEY_ID,
                        "SecretAccessKey",
                        KEY,
                        "Token",
                        "session",
                        "Expiration",
                        Instant.now().plusSeconds(3600).toString()));
    }

    private void getSecretValue(HttpExchange exchange) throws IOException {
        reads.incrementAndGet();
        var body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        var headers = new LinkedHashMap<String, String>();
        exchange.getRequestHeaders()
                .forEach((name, values) -> headers.put(name.toLowerCase(Locale.ROOT), values.getFirst()));
        if (!isSigned(exchange, headers, body)) {
            answer(exchange, 400, Map.of("__type", "InvalidSignatureException", "message", headers.toString()));
            return;
        }
        var question = new ObjectMapper().readTree(body);
        var text = secrets.get(question.path("SecretId").asText()
                + question.path("VersionStage").asText("AWSCURRENT"));
        answer(
                exchange,
                text == null ? 400 : 200,
                text == null
                        ? Map.of("__type", "ResourceNotFoundException", "Message", "Secrets Manager can't find it.")
                        : Map.of("SecretString", text));
    }

    private static boolean isSigned(HttpExchange exchange, Map<String, String> headers, String body) {
        try {
            return exchange.getRequestMethod().equals("POST")
                    && "secretsmanager.GetSecretValue".equals(headers.get("x-amz-target"))
                    && "application/x-amz-json-1.1".equals(headers.get("content-type"))
                    && "session".equals(headers.get("x-amz-security-token"))
                    && signatures("secretsmanager")
                            .authorization("POST", exchange.getRequestURI().toString(), headers, body)
                            .equals(headers.get("authorization"));
        } catch (GeneralSecurityException impossible) {
            throw new AssertionError(impossible);
        }
    }

    private static void answer(HttpExchange exchange, int status, Map<String, String> json) throws IOException {
        try (exchange) {
            var bytes = new ObjectMapper().writeValueAsBytes(json);
            exchange.sendResponseHeaders(status, bytes.length);
            exchange.getResponseBody().write(bytes);
        }
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
