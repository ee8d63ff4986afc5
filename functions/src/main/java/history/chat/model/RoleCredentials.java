package history.chat.model;

import history.config.Variables;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;
import software.amazon.awssdk.identity.spi.AwsSessionCredentialsIdentity;

/**
 * The keys of the function's role.
 *
 * <p>Without SnapStart the runtime has them in the environment; with it, because a snapshot outlives them, at an address that
 * it names: https://docs.aws.amazon.com/lambda/latest/dg/snapstart-activate.html.
 */
final class RoleCredentials {
    private static final Duration RENEWED_BEFORE_EXPIRY = Duration.ofMinutes(5);
    private static final int MOST_BYTES = 65_536;

    private record Lent(AwsCredentialsIdentity identity, Instant until) {}

    private final String keyId;
    private final String secretKey;
    private final String sessionToken;
    private final String lenderAddress;
    private final String lenderToken;
    private volatile @Nullable Lent lent;

    RoleCredentials(Variables variables) {
        keyId = variables.text("AWS_ACCESS_KEY_ID").orElse("");
        secretKey = variables.text("AWS_SECRET_ACCESS_KEY").orElse("");
        sessionToken = variables.text("AWS_SESSION_TOKEN").orElse("");
        lenderAddress = variables.text("AWS_CONTAINER_CREDENTIALS_FULL_URI").orElse("");
        lenderToken = variables.text("AWS_CONTAINER_AUTHORIZATION_TOKEN").orElse("");
        if (keyId.isEmpty() && lenderAddress.isEmpty()) {
            variables.problem(
                    "CHAT_PROVIDER=bedrock",
                    "needs CHAT_API_KEY, or the role's AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN,"
                            + " or AWS_CONTAINER_CREDENTIALS_FULL_URI");
        }
    }

    AwsCredentialsIdentity current(TimeLimit limit) {
        if (!keyId.isEmpty()) {
            return identity(keyId, secretKey, sessionToken);
        }
        var known = lent;
        if (known == null || Instant.now().isAfter(known.until())) {
            known = fetch(limit);
            lent = known;
        }
        return known.identity();
    }

    private Lent fetch(TimeLimit limit) {
        var request = HttpRequest.newBuilder(URI.create(lenderAddress));
        if (!lenderToken.isEmpty()) {
            request.header("Authorization", lenderToken);
        }
        try (var connection = Connection.open(request.build(), limit)) {
            if (connection.status() != 200) {
                throw new ModelFailure.Failed("The function's role gave no credentials");
            }
            var json = ProviderJson.read(connection.body().readNBytes(MOST_BYTES));
            var identity = identity(
                    ProviderJson.text(json.path("AccessKeyId")),
                    ProviderJson.text(json.path("SecretAccessKey")),
                    ProviderJson.text(json.path("Token")));
            return new Lent(
                    identity,
                    Instant.parse(ProviderJson.text(json.path("Expiration"))).minus(RENEWED_BEFORE_EXPIRY));
        } catch (IOException | DateTimeException e) {
            throw new ModelFailure.Failed("The function's role gave no credentials", e);
        }
    }

    private static AwsCredentialsIdentity identity(String id, String secret, String token) {
        if (id.isEmpty() || secret.isEmpty()) {
            throw new ModelFailure.Failed("The function's role gave no credentials");
        }
        return token.isEmpty()
                ? AwsCredentialsIdentity.create(id, secret)
                : AwsSessionCredentialsIdentity.create(id, secret, token);
    }
}
