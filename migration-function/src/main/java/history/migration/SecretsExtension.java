package history.migration;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/** Reads Secrets Manager through the Parameters and Secrets extension, which listens beside the function. */
record SecretsExtension(String port, String token) {
    static SecretsExtension from(Map<String, String> environment) {
        return new SecretsExtension(
                environment.getOrDefault("PARAMETERS_SECRETS_EXTENSION_HTTP_PORT", "2773"),
                environment.getOrDefault("AWS_SESSION_TOKEN", ""));
    }

    /** The connection properties in a secret: JSON with {@code username} and {@code password}, or the password itself. */
    Map<String, String> credentials(String id) {
        var secret = secret(id);
        var properties = new HashMap<String, String>();
        JsonNode fields;
        try {
            fields = new ObjectMapper().readTree(secret);
        } catch (JsonProcessingException e) {
            return Map.of("password", secret);
        }
        if (!fields.isObject()) {
            return Map.of("password", secret);
        }
        if (fields.hasNonNull("username")) {
            properties.put("user", fields.get("username").asText());
        }
        if (fields.hasNonNull("password")) {
            properties.put("password", fields.get("password").asText());
        }
        return properties;
    }

    private String secret(String id) {
        var request = HttpRequest.newBuilder(URI.create("http://localhost:%s/secretsmanager/get?secretId=%s"
                        .formatted(port, URLEncoder.encode(id, StandardCharsets.UTF_8))))
                .header("X-Aws-Parameters-Secrets-Token", token)
                .timeout(Duration.ofSeconds(10))
                .build();
        try (var client = HttpClient.newHttpClient()) {
            var response = client.send(request, HttpResponse.BodyHandlers.ofString());
            if (response.statusCode() != 200) {
                throw new IllegalArgumentException(
                        "DATABASE_SECRET cannot be read: the secrets extension answers " + response.statusCode() + ".");
            }
            return new ObjectMapper()
                    .readTree(response.body())
                    .path("SecretString")
                    .asText();
        } catch (IOException e) {
            throw new IllegalArgumentException(
                    "DATABASE_SECRET needs the Parameters and Secrets extension on localhost:" + port + ".", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
