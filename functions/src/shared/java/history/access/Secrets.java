package history.access;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Secrets Manager, asked with the function's own role:
 * https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_GetSecretValue.html.
 */
public final class Secrets {
    private static final String ADDRESS = "AWS_ENDPOINT_URL_SECRETS_MANAGER";

    private final UnaryOperator<String> variable;
    private final Role role;

    /**
     * @param variable reads an environment variable; empty when it is not set
     * @throws IllegalArgumentException when the address of another Secrets Manager is none
     */
    public Secrets(UnaryOperator<String> variable) {
        if (!variable.apply(ADDRESS).matches("(https?://[^\\s/?#@]+)?/*")) {
            throw new IllegalArgumentException(
                    ADDRESS + " must be a URL such as https://secretsmanager.eu-central-1.amazonaws.com");
        }
        this.variable = variable;
        this.role = new Role(variable);
    }

    /** Whether a value is none itself, but says which secret holds it. */
    public static boolean isArn(String value) {
        return value.matches("arn:[a-z-]+:secretsmanager:\\S+");
    }

    /** The value that a secret holds: all of its text; of an object the member {@code password}, or its only one. */
    public String value(String id, Duration limit) throws IOException {
        var text = text(Map.of("SecretId", id), limit);
        var object = object(text);
        if (object == null) {
            return text;
        }
        var value = object.has("password") || object.size() != 1
                ? object.path("password")
                : object.elements().next();
        if (!value.isValueNode()) {
            throw new IOException("the secret is an object with several members, none of which is password");
        }
        return value.asText();
    }

    /**
     * The user, if the secret names one, and the password, as pgjdbc names them.
     *
     * @param stage AWSCURRENT, or AWSPENDING for what a rotation has begun to put in its place
     */
    Map<String, String> login(String id, String stage, Duration limit) throws IOException {
        var text = text(Map.of("SecretId", id, "VersionStage", stage), limit);
        var object = object(text);
        if (object == null) {
            return Map.of("password", text);
        }
        if (!object.hasNonNull("password")) {
            throw new IOException("the secret is an object without password");
        }
        var password = object.path("password").asText();
        return object.hasNonNull("username")
                ? Map.of("user", object.path("username").asText(), "password", password)
                : Map.of("password", password);
    }

    private static @Nullable JsonNode object(String text) {
        try {
            var json = new JsonMapper().readTree(text);
            return json.isObject() ? json : null;
        } catch (IOException noJson) {
            return null;
        }
    }

    private String text(Map<String, String> question, Duration limit) throws IOException {
        var id = String.valueOf(question.get("SecretId"));
        // arn:aws:secretsmanager:region:account:secret:name
        var region = isArn(id) ? id.split(":", 5)[3] : variable.apply("AWS_REGION");
        var given = variable.apply(ADDRESS);
        var address = URI.create(
                given.isEmpty()
                        ? "https://secretsmanager." + region + ".amazonaws.com"
                                + (region.startsWith("cn-") ? ".cn/" : "/")
                        : given.replaceFirst("/*$", "/"));
        var body = new JsonMapper().writeValueAsBytes(question);
        var headers =
                Map.of("Content-Type", "application/x-amz-json-1.1", "X-Amz-Target", "secretsmanager.GetSecretValue");
        var request = HttpRequest.newBuilder(address).POST(BodyPublishers.ofByteArray(body));
        role.sign("secretsmanager", region, address, headers, body, limit).forEach(request::header);
        var response = Http.send("Secrets Manager", request.build(), BodyHandlers.ofString(), limit);
        var answer = Objects.requireNonNullElse(object(response.body()), MissingNode.getInstance());
        if (response.statusCode() != 200) {
            throw new IOException("Secrets Manager answered %d %s %s"
                    .formatted(
                            response.statusCode(),
                            answer.path("__type").asText(),
                            answer.path("message").asText(answer.path("Message").asText())));
        }
        if (!answer.path("SecretString").isTextual()) {
            throw new IOException("the secret has no text");
        }
        return answer.path("SecretString").asText();
    }
}
