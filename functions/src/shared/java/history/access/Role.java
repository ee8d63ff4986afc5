package history.access;

import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4FamilyHttpSigner.AuthLocation;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4HttpSigner;
import software.amazon.awssdk.http.auth.spi.signer.SignRequest;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;
import software.amazon.awssdk.identity.spi.AwsSessionCredentialsIdentity;

/**
 * The function's role: its keys, and what is signed with them by the signer of AWS's own SDK.
 *
 * <p>Without SnapStart the runtime has the keys in the environment; with it, because a snapshot outlives them, at an address
 * that it names: https://docs.aws.amazon.com/lambda/latest/dg/snapstart-activate.html.
 */
public final class Role {
    /** For whoever has to say that there is no role. */
    public static final String VARIABLES = "the role's AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN,"
            + " or AWS_CONTAINER_CREDENTIALS_FULL_URI";

    private static final Duration RENEWED_BEFORE_EXPIRY = Duration.ofMinutes(5);
    private static final Duration TOKEN_LIFE = Duration.ofMinutes(15);

    private record Lent(AwsCredentialsIdentity identity, Instant until) {}

    private final UnaryOperator<String> variable;
    private final AwsV4HttpSigner signer = AwsV4HttpSigner.create();
    private volatile @Nullable Lent lent;

    /** @param variable reads an environment variable; empty when it is not set */
    public Role(UnaryOperator<String> variable) {
        this.variable = variable;
    }

    /** Whether the environment has a role. */
    public boolean isThere() {
        return !variable.apply("AWS_ACCESS_KEY_ID").isEmpty()
                || !variable.apply("AWS_CONTAINER_CREDENTIALS_FULL_URI").isEmpty();
    }

    /** The headers of a signed POST: those that are given and those of the signature, without the host. */
    public Map<String, String> sign(
            String service, String region, URI address, Map<String, String> headers, byte[] body, Duration limit)
            throws IOException {
        var request = SdkHttpRequest.builder().uri(address).method(SdkHttpMethod.POST);
        headers.forEach(request::putHeader);
        var signed = sign(
                service,
                region,
                limit,
                it -> it.request(request.build()).payload(() -> new ByteArrayInputStream(body)));
        var all = new LinkedHashMap<String, String>();
        signed.headers().forEach((name, values) -> all.put(name, values.getFirst()));
        all.keySet().removeIf("host"::equalsIgnoreCase);
        return all;
    }

    /** The password of a database that trusts roles, for a quarter of an hour: RDS with IAM authentication. */
    public String databaseToken(String region, String host, int port, String user, Duration limit) throws IOException {
        var request = SdkHttpRequest.builder()
                .method(SdkHttpMethod.GET)
                .uri(URI.create("https://" + host + ":" + port + "/"))
                .putRawQueryParameter("Action", "connect")
                .putRawQueryParameter("DBUser", user);
        var signed = sign(
                "rds-db",
                region,
                limit,
                it -> it.request(request.build())
                        .putProperty(AwsV4HttpSigner.AUTH_LOCATION, AuthLocation.QUERY_STRING)
                        .putProperty(AwsV4HttpSigner.EXPIRATION_DURATION, TOKEN_LIFE));
        return signed.getUri().toString().substring("https://".length());
    }

    private SdkHttpRequest sign(
            String service, String region, Duration limit, Consumer<SignRequest.Builder<AwsCredentialsIdentity>> what)
            throws IOException {
        var identity = identity(limit);
        return signer.sign(request -> what.accept(request.identity(identity)
                        .putProperty(AwsV4HttpSigner.SERVICE_SIGNING_NAME, service)
                        .putProperty(AwsV4HttpSigner.REGION_NAME, region)))
                .request();
    }

    private AwsCredentialsIdentity identity(Duration limit) throws IOException {
        if (!variable.apply("AWS_ACCESS_KEY_ID").isEmpty()) {
            return identity(
                    variable.apply("AWS_ACCESS_KEY_ID"),
                    variable.apply("AWS_SECRET_ACCESS_KEY"),
                    variable.apply("AWS_SESSION_TOKEN"));
        }
        var known = lent;
        if (known == null || Instant.now().isAfter(known.until())) {
            known = fetch(limit);
            lent = known;
        }
        return known.identity();
    }

    private Lent fetch(Duration limit) throws IOException {
        try {
            var request = HttpRequest.newBuilder(URI.create(variable.apply("AWS_CONTAINER_CREDENTIALS_FULL_URI")));
            var token = variable.apply("AWS_CONTAINER_AUTHORIZATION_TOKEN");
            if (!token.isEmpty()) {
                request.header("Authorization", token);
            }
            var response = Http.send("the credentials' address", request.build(), BodyHandlers.ofString(), limit);
            if (response.statusCode() != 200) {
                throw new IOException("the role's credentials are refused with status " + response.statusCode());
            }
            var json = new JsonMapper().readTree(response.body());
            return new Lent(
                    identity(
                            json.path("AccessKeyId").asText(),
                            json.path("SecretAccessKey").asText(),
                            json.path("Token").asText()),
                    Instant.parse(json.path("Expiration").asText()).minus(RENEWED_BEFORE_EXPIRY));
        } catch (IllegalArgumentException | DateTimeException | com.fasterxml.jackson.core.JacksonException e) {
            // Not its message, which quotes what it could not read.
            throw new IOException("the function's role gave no credentials");
        }
    }

    private static AwsCredentialsIdentity identity(String id, String secret, String token) throws IOException {
        if (id.isEmpty() || secret.isEmpty()) {
            throw new IOException("the function's role gave no credentials");
        }
        return token.isEmpty()
                ? AwsCredentialsIdentity.create(id, secret)
                : AwsSessionCredentialsIdentity.create(id, secret, token);
    }
}
