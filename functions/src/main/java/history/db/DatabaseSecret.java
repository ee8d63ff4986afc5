package history.db;

import static history.failure.Failure.Kind.DATABASE_AWAY;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import history.config.Variables;
import history.failure.Failure;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The password from Secrets Manager, through the Parameters and Secrets extension on this host.
 *
 * <p>The secret is the password itself, or the JSON object that RDS keeps, of which {@code username} and {@code password}
 * are read.
 *
 * @param token proves to the extension that the function asks
 */
record DatabaseSecret(String id, String port, String token) {
    static Optional<DatabaseSecret> from(Variables variables) {
        String port = variables.text("PARAMETERS_SECRETS_EXTENSION_HTTP_PORT").orElse("2773");
        String token = variables.text("AWS_SESSION_TOKEN").orElse("");
        return variables.text("DATABASE_SECRET").map(id -> new DatabaseSecret(id.strip(), port, token));
    }

    /** User and password as pgjdbc names them. */
    Map<String, String> read(Duration limit) {
        var request = HttpRequest.newBuilder(URI.create("http://localhost:" + port + "/secretsmanager/get?secretId="
                        + URLEncoder.encode(id, StandardCharsets.UTF_8)))
                .header("X-Aws-Parameters-Secrets-Token", token)
                .timeout(limit)
                .build();
        try (var client = HttpClient.newBuilder().connectTimeout(limit).build()) {
            var response = client.send(request, HttpResponse.BodyHandlers.ofString());
            if (response.statusCode() != 200) {
                throw new Failure(DATABASE_AWAY, "DATABASE_SECRET: the extension answered " + response.statusCode());
            }
            return credentials(response.body());
        } catch (IOException unreachable) {
            throw new Failure(
                    DATABASE_AWAY,
                    "DATABASE_SECRET: the Parameters and Secrets extension does not answer on port " + port,
                    unreachable);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new Failure(DATABASE_AWAY, "DATABASE_SECRET: interrupted", interrupted);
        }
    }

    private static Map<String, String> credentials(String answer) throws IOException {
        var mapper = new JsonMapper();
        String secret = mapper.readTree(answer).path("SecretString").asText();
        Map<String, String> credentials = new LinkedHashMap<>();
        if (!secret.startsWith("{")) {
            credentials.put("password", secret);
            return credentials;
        }
        JsonNode json = mapper.readTree(secret);
        if (json.hasNonNull("username")) {
            credentials.put("user", json.path("username").asText());
        }
        credentials.put("password", json.path("password").asText());
        return credentials;
    }
}
