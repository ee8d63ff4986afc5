package history.aws;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * What AWS does with a signed request, written from its description and not from the signer that is tested:
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html.
 *
 * @param service and the region are what the signature must be for
 */
public record SignatureV4(String id, String secret, String region, String service) {
    private static final Pattern NAMES = Pattern.compile("SignedHeaders=([a-z0-9;-]+)");

    /** The Authorization header that the request ought to have; it signs the headers that its own says. */
    public String authorization(String method, String target, Map<String, String> headers, String body)
            throws GeneralSecurityException {
        var own = NAMES.matcher(String.valueOf(headers.get("authorization")));
        var names = own.find() ? own.group(1) : "none";
        var signed = Arrays.stream(names.split(";", -1))
                .map(name -> name + ":" + headers.get(name) + "\n")
                .collect(Collectors.joining());
        var path = Arrays.stream(target.split("/", -1))
                .map(part -> URLEncoder.encode(part, StandardCharsets.UTF_8).replace("+", "%20"))
                .collect(Collectors.joining("/"));
        var canonical = method + "\n" + path + "\n\n" + signed + "\n" + names + "\n" + hash(body);
        var time = String.valueOf(headers.get("x-amz-date"));
        return "AWS4-HMAC-SHA256 Credential=" + id + "/" + scope(time) + ", SignedHeaders=" + names + ", Signature="
                + signature(time, canonical);
    }

    /** The signature that ought to end a presigned {@code GET host:port/?query} without a body, of which only the host is signed. */
    public String presigned(String host, String query) throws GeneralSecurityException {
        var parameters = query.replaceFirst("&X-Amz-Signature=.*", "");
        var time = query.replaceFirst(".*X-Amz-Date=([0-9TZ]+).*", "$1");
        var sorted = Arrays.stream(parameters.split("&", -1)).sorted().collect(Collectors.joining("&"));
        return signature(time, "GET\n/\n" + sorted + "\nhost:" + host + "\n\nhost\n" + hash(""));
    }

    private String scope(String time) {
        return time.substring(0, 8) + "/" + region + "/" + service + "/aws4_request";
    }

    private String signature(String time, String canonical) throws GeneralSecurityException {
        var toSign = "AWS4-HMAC-SHA256\n" + time + "\n" + scope(time) + "\n" + hash(canonical);
        var key = ("AWS4" + secret).getBytes(StandardCharsets.UTF_8);
        for (var part : scope(time).split("/", -1)) {
            key = hmac(key, part);
        }
        return HexFormat.of().formatHex(hmac(key, toSign));
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
