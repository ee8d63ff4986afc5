package history.chat.model;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * What AWS does with a signed request, written from its description and not from the signer that is tested:
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html.
 */
final class SignatureV4 {
    private SignatureV4() {}

    /** The Authorization header that the request ought to have. */
    static String authorization(ModelServer.Request request, String id, String secret, String region, String names)
            throws GeneralSecurityException {
        var headers = Arrays.stream(names.split(";", -1))
                .map(name -> name + ":" + request.headers().get(name) + "\n")
                .collect(Collectors.joining());
        var path = Arrays.stream(request.target().split("/", -1))
                .map(part -> URLEncoder.encode(part, StandardCharsets.UTF_8).replace("+", "%20"))
                .collect(Collectors.joining("/"));
        var canonical = request.method() + "\n" + path + "\n\n" + headers + "\n" + names + "\n" + hash(request.body());
        var time = String.valueOf(request.headers().get("x-amz-date"));
        var scope = time.substring(0, 8) + "/" + region + "/bedrock/aws4_request";
        var toSign = "AWS4-HMAC-SHA256\n" + time + "\n" + scope + "\n" + hash(canonical);
        var key = ("AWS4" + secret).getBytes(StandardCharsets.UTF_8);
        for (var part : scope.split("/", -1)) {
            key = hmac(key, part);
        }
        return "AWS4-HMAC-SHA256 Credential=" + id + "/" + scope + ", SignedHeaders=" + names + ", Signature="
                + HexFormat.of().formatHex(hmac(key, toSign));
    }

    private static String hash(String text) throws GeneralSecurityException {
        var digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        return HexFormat.of().formatHex(digest);
    }

    private static byte[] hmac(byte[] key, String text) throws GeneralSecurityException {
        var mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(key, "HmacSHA256"));
        return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
    }
}
