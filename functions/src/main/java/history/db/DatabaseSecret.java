package history.db;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
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

/**
 * The password from Secrets Manager, through the Parameters and Secrets extension on this host.
 *
 * <p>The secret is the password itself, or the JSON object that RDS keeps, of which {@code username} and {@code password}
 * are read.
 */
final class DatabaseSecret {
    private DatabaseSecret() {}

    /** User and password as pgjdbc names them. */
    static Map<String, String> read(Map<String, String> environment) {
        String id = environment.getOrDefault("DATABASE_SECRET", "");
        String port = environment.getOrDefault("PARAMETERS_SECRETS_EXTENSION_HTTP_PORT", "2773");
        var request = HttpRequest.newBuilder(URI.create("http://localhost:" + port + "/secretsmanager/get?secretId="
                        + URLEncoder.encode(id, StandardCharsets.UTF_8)))
                .header("X-Aws-Parameters-Secrets-Token", environment.getOrDefault("AWS_SESSION_TOKEN", ""))
                .timeout(Duration.ofSeconds(5))
                .build();
        try (var client =
                HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build()) {
            var response = client.send(request, HttpResponse.BodyHandlers.ofString());
            if (response.statusCode() != 200) {
                throw new DatabaseUnavailable("DATABASE_SECRET: the extension answered " + response.statusCode());
            }
            return credentials(response.body());
        } catch (IOException unreachable) {
            throw new DatabaseUnavailable(
                    "DATABASE_SECRET: the Parameters and Secrets extension does not answer on port " + port,
                    unreachable);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new DatabaseUnavailable("DATABASE_SECRET: interrupted", interrupted);
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
