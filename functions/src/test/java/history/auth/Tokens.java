package history.auth;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.Key;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import org.jose4j.jca.ProviderContext;
import org.jose4j.json.JsonUtil;
import org.jose4j.jwk.EcJwkGenerator;
import org.jose4j.jwk.JsonWebKey.OutputControlLevel;
import org.jose4j.jwk.JsonWebKeySet;
import org.jose4j.jwk.OctetKeyPairJsonWebKey;
import org.jose4j.jwk.OkpJwkGenerator;
import org.jose4j.jwk.PublicJsonWebKey;
import org.jose4j.jwk.RsaJsonWebKey;
import org.jose4j.jwk.RsaJwkGenerator;
import org.jose4j.jws.EcdsaUsingShaAlgorithm;
import org.jose4j.jws.EdDsaAlgorithm;
import org.jose4j.jws.HmacUsingShaAlgorithm;
import org.jose4j.jws.JsonWebSignatureAlgorithm;
import org.jose4j.jws.RsaUsingShaAlgorithm;
import org.jose4j.keys.EllipticCurves;
import org.jose4j.keys.HmacKey;
import org.jose4j.lang.JoseException;
import org.jspecify.annotations.Nullable;

/**
 * An issuer of tokens for tests and the local run: it has one key, signs with it, and tells how to configure functions
 * that believe it, as in {@code Tokens.es256().user(ada).tenant(demo).expiresIn(Duration.ofHours(1)).sign()}.
 */
public final class Tokens {

    public static final String ISSUER = "https://issuer.example.com/auth/v1";
    public static final String AUDIENCE = "authenticated";

    private final String algorithm;
    private final JsonWebSignatureAlgorithm signer;
    private final Key key;
    private final @Nullable PublicJsonWebKey jwk;
    private final Map<String, String> keyVariable;

    private Tokens(
            String algorithm,
            JsonWebSignatureAlgorithm signer,
            Key key,
            @Nullable PublicJsonWebKey jwk,
            Map<String, String> keyVariable) {
        this.algorithm = algorithm;
        this.signer = signer;
        this.key = key;
        this.jwk = jwk;
        this.keyVariable = keyVariable;
    }

    /** With a new secret. */
    public static Tokens hs256() {
        return hs256(UUID.randomUUID() + "-" + UUID.randomUUID());
    }

    public static Tokens hs256(String secret) {
        var key = new HmacKey(secret.getBytes(UTF_8));
        return new Tokens("HS256", new HmacUsingShaAlgorithm.HmacSha256(), key, null, Map.of("JWT_SECRET", secret));
    }

    /** Always the same in a JVM: an RSA key takes seconds to make. */
    public static Tokens rs256() {
        return Rsa.ONE;
    }

    /** With another key. */
    static Tokens otherRs256() {
        return OtherRsa.ONE;
    }

    private static final class Rsa {
        static final Tokens ONE = rs256(2048);
    }

    private static final class OtherRsa {
        static final Tokens ONE = rs256(2048);
    }

    static Tokens rs256(int bits) {
        return made(() -> RsaJwkGenerator.generateJwk(bits));
    }

    /** With a new key that bears a new name. */
    public static Tokens es256() {
        return made(() -> EcJwkGenerator.generateJwk(EllipticCurves.P256));
    }

    /** With a new key that bears a new name. */
    public static Tokens eddsa() {
        return made(() -> OkpJwkGenerator.generateJwk(OctetKeyPairJsonWebKey.SUBTYPE_ED25519));
    }

    /** With a key that {@link #privateKey()} wrote. */
    public static Tokens fromPrivateKey(String json) {
        try {
            return of(PublicJsonWebKey.Factory.newPublicJwk(json));
        } catch (JoseException e) {
            throw new IllegalArgumentException("no private JSON Web Key", e);
        }
    }

    @FunctionalInterface
    private interface Generator {
        PublicJsonWebKey generate() throws JoseException;
    }

    private static Tokens made(Generator generator) {
        try {
            var jwk = generator.generate();
            jwk.setKeyId(UUID.randomUUID().toString());
            return of(jwk);
        } catch (JoseException e) {
            throw new IllegalStateException(e);
        }
    }

    static Tokens of(PublicJsonWebKey jwk) {
        var keys = Map.of("JWT_JWKS", new JsonWebKeySet(jwk).toJson());
        return switch (jwk) {
            case RsaJsonWebKey rsa ->
                new Tokens("RS256", new RsaUsingShaAlgorithm.RsaSha256(), rsa.getPrivateKey(), rsa, keys);
            case OctetKeyPairJsonWebKey okp ->
                new Tokens("EdDSA", new EdDsaAlgorithm(), okp.getPrivateKey(), okp, keys);
            default ->
                new Tokens("ES256", new EcdsaUsingShaAlgorithm.EcdsaP256UsingSha256(), jwk.getPrivateKey(), jwk, keys);
        };
    }

    /** The variables that make functions believe these tokens, the keys inline. */
    public Map<String, String> environment() {
        var environment = new LinkedHashMap<>(keyVariable);
        environment.put("JWT_ISSUER", ISSUER);
        environment.put("JWT_AUDIENCE", AUDIENCE);
        return environment;
    }

    /** The JSON Web Key Set with the public key, to be published. */
    public String jwks() {
        return new JsonWebKeySet(jwk()).toJson();
    }

    /** The private key as a JSON Web Key, to be kept. */
    public String privateKey() {
        return jwk().toJson(OutputControlLevel.INCLUDE_PRIVATE);
    }

    PublicJsonWebKey jwk() {
        if (jwk == null) {
            throw new IllegalStateException("a shared secret is not published");
        }
        return jwk;
    }

    /** A token for this user, valid for an hour; what follows may change any of it. */
    public Token user(UUID userId) {
        var token = new Token().claim("iss", ISSUER).claim("aud", AUDIENCE).claim("sub", userId.toString());
        token.header("alg", algorithm).header("typ", "JWT");
        if (jwk != null) {
            token.header("kid", jwk.getKeyId());
        }
        return token.expiresIn(Duration.ofHours(1));
    }

    /** A token that is being written. */
    public final class Token {

        private final Map<String, @Nullable Object> header = new LinkedHashMap<>();
        private final Map<String, @Nullable Object> claims = new LinkedHashMap<>();

        private Token() {}

        public Token tenant(UUID tenantId) {
            return claim("tenant_id", tenantId.toString());
        }

        /** Issued now; a negative duration makes an expired token. */
        public Token expiresIn(Duration duration) {
            var now = Instant.now().getEpochSecond();
            return claim("iat", now).claim("exp", now + duration.toSeconds());
        }

        public Token claim(String name, @Nullable Object value) {
            claims.put(name, value);
            return this;
        }

        public Token without(String claim) {
            claims.remove(claim);
            return this;
        }

        public Token header(String name, @Nullable Object value) {
            header.put(name, value);
            return this;
        }

        public Token withoutHeader(String name) {
            header.remove(name);
            return this;
        }

        public String sign() {
            return signed(JsonUtil.toJson(header), JsonUtil.toJson(claims));
        }

        /** The value for the {@code Authorization} header. */
        public String bearer() {
            return "Bearer " + sign();
        }
    }

    /** Signs whatever it is given, so that forgeries can be made; the parts need not be JSON. */
    String signed(String header, String payload) {
        var text = base64(header.getBytes(UTF_8)) + "." + base64(payload.getBytes(UTF_8));
        try {
            var primitive = signer.prepareForSign(key, new ProviderContext());
            return text + "." + base64(signer.sign(primitive, text.getBytes(US_ASCII)));
        } catch (JoseException e) {
            throw new IllegalStateException(e);
        }
    }

    static String base64(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
