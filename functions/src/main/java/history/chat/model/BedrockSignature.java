package history.chat.model;

import java.io.ByteArrayInputStream;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4HttpSigner;

/** Signature version 4, by the signer of AWS's own SDK. */
final class BedrockSignature {
    private final String region;
    private final RoleCredentials credentials;
    private final AwsV4HttpSigner signer = AwsV4HttpSigner.create();

    BedrockSignature(String region, RoleCredentials credentials) {
        this.region = region;
        this.credentials = credentials;
    }

    /** The headers that a POST of this body needs besides its own. */
    Map<String, String> headers(URI address, byte[] body, TimeLimit limit) {
        var unsigned = SdkHttpRequest.builder()
                .uri(address)
                .method(SdkHttpMethod.POST)
                .putHeader("Content-Type", "application/json")
                .build();
        var signed = signer.sign(request -> request.identity(credentials.current(limit))
                .request(unsigned)
                .payload(() -> new ByteArrayInputStream(body))
                .putProperty(AwsV4HttpSigner.SERVICE_SIGNING_NAME, "bedrock")
                .putProperty(AwsV4HttpSigner.REGION_NAME, region));
        return added(signed.request().headers());
    }

    /** The HTTP client sets the host itself, to the same value. */
    private static Map<String, String> added(Map<String, List<String>> headers) {
        var added = new LinkedHashMap<String, String>();
        headers.forEach((name, values) -> {
            if (!name.equalsIgnoreCase("host") && !name.equalsIgnoreCase("content-type")) {
                added.put(name, values.getFirst());
            }
        });
        return added;
    }
}
