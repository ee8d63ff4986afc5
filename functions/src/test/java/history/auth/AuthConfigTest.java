package history.auth;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import history.fixture.Configured;
import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jose4j.jwk.EcJwkGenerator;
import org.jose4j.jwk.JsonWebKeySet;
import org.jose4j.jwk.OctetKeyPairJsonWebKey;
import org.jose4j.jwk.OkpJwkGenerator;
import org.jose4j.keys.EllipticCurves;
import org.jose4j.lang.JoseException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AuthConfigTest {

    private static final String SECRET = "a secret of exactly 32 bytes ...";
    private static final Map<String, String> COMPLETE =
            Map.of("JWT_ISSUER", "https://issuer.example.com", "JWT_AUDIENCE", "authenticated", "JWT_SECRET", SECRET);

    private static Map<String, String> with(String name, String value) {
        var environment = new HashMap<>(COMPLETE);
        environment.put(name, value);
        return environment;
    }

    private static Map<String, String> withKeys(String name, String value) {
        var environment = with(name, value);
        environment.remove("JWT_SECRET");
        return environment;
    }

    private static PublishedKeys.Endpoint endpoint(String url) {
        return new PublishedKeys.Endpoint(URI.create(url), Duration.ofSeconds(5));
    }

    private static String complaint(Map<String, String> environment) {
        return String.valueOf(
                assertThrows(IllegalArgumentException.class, () -> Configured.read(environment, AuthConfig::from))
                        .getMessage());
    }

    @Test
    void readsEveryVariable() {
        var environment = withKeys("JWT_JWKS_URL", "https://issuer.example.com/.well-known/jwks.json");
        environment.put("JWT_TENANT_CLAIM", "org");
        environment.put("JWT_SUBJECT", "derived");
        var config = Configured.read(environment, AuthConfig::from);
        assertTrue(config.known().isEmpty());
        assertEquals(
                new AuthConfig(
                        "https://issuer.example.com",
                        "authenticated",
                        config.known(),
                        Optional.of(endpoint("https://issuer.example.com/.well-known/jwks.json")),
                        new TenantClaim(List.of(List.of("org"))),
                        Subject.DERIVED),
                config);
    }

    @Test
    void looksForTheTenantInTwoPlacesByDefault() {
        assertEquals(
                List.of(List.of("tenant_id"), List.of("app_metadata", "tenant_id")),
                Configured.read(COMPLETE, AuthConfig::from).tenantClaim().places());
    }

    @ParameterizedTest
    @ValueSource(strings = {"JWT_ISSUER", "JWT_AUDIENCE"})
    void requiresIssuerAndAudience(String name) {
        for (var empty : List.of("", "  ")) {
            assertTrue(complaint(with(name, empty)).startsWith(name + " is required: "));
        }
        var environment = new HashMap<>(COMPLETE);
        environment.remove(name);
        assertTrue(complaint(environment).startsWith(name + " is required: "));
    }

    @Test
    void complainsOfEverythingAtOnce() {
        var complaint = complaint(Map.of("JWT_AUDIENCE", " ", "JWT_TENANT_CLAIM", "user_metadata", "JWT_ISUER", "x"));
        var names = complaint
                .lines()
                .map(line -> line.substring(0, line.indexOf(" ")))
                .toList();
        assertEquals(List.of("JWT_ISSUER", "JWT_AUDIENCE", "One", "JWT_TENANT_CLAIM", "JWT_ISUER"), names);
    }

    @Test
    void wantsKeysFromOneSourceOrASecretBesideIt() throws JoseException {
        var none = withKeys("JWT_JWKS_URL", "");
        var two = withKeys("JWT_JWKS_URL", "https://issuer.example.com/jwks");
        two.put("JWT_JWKS", new JsonWebKeySet(EcJwkGenerator.generateJwk(EllipticCurves.P256)).toJson());
        for (var environment : List.of(none, two)) {
            assertTrue(complaint(environment).startsWith("One of JWT_JWKS_URL, JWT_JWKS and JWT_SECRET must be set"));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://issuer.example.com/jwks",
                "http://127.0.0.1.example.com/jwks",
                "http://localhost@example.com/jwks",
                "https://ada:pw@example.com/jwks",
                "file:///etc/passwd",
                "ftp://localhost/jwks",
                "https:///jwks",
                "https:jwks",
                "issuer.example.com/jwks",
                "https://exa mple.com",
                "https://",
                "https://issuer.example.com:99999/jwks",
                "https://issuer.example.com:0/jwks",
                "x"
            })
    void refusesAnAddressThatIsNotSafe(String url) {
        var complaint = complaint(withKeys("JWT_JWKS_URL", url));
        assertTrue(complaint.startsWith("JWT_JWKS_URL must be an https URL"), complaint);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://issuer.example.com/jwks?apikey=1",
                "HTTPS://issuer.example.com/jwks",
                "http://localhost:9999/jwks",
                "http://127.0.0.1/jwks",
                "http://[::1]:80/jwks"
            })
    void takesHttpsAndPlainHttpOnLoopback(String url) {
        var published =
                Configured.read(withKeys("JWT_JWKS_URL", url), AuthConfig::from).published();
        assertEquals(Optional.of(endpoint(url)), published);
    }

    @Test
    void refusesASecretUnder32Bytes() {
        assertEquals(
                "JWT_SECRET must have at least 32 bytes, for HS256",
                complaint(with("JWT_SECRET", SECRET.substring(1))));
        assertFalse(Configured.read(COMPLETE, AuthConfig::from).known().isEmpty());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "x",
                "{}",
                "[]",
                "null",
                "{\"keys\":null}",
                "{\"keys\":{}}",
                "{\"keys\":[]}",
                "{\"keys\":[1,null,\"a\",[]]}",
                "{\"keys\":[{}]}",
                "{\"keys\":[{\"kty\":\"RSA\"}]}",
                "{\"keys\":[{\"kty\":\"RSA\",\"n\":1,\"e\":[]}]}",
                "{\"keys\":[{\"kty\":\"oct\",\"k\":\"YQ\"}]}",
                "{\"keys\":[{\"kty\":\"new\"}]}",
                "{\"keys\":[{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"AQ\",\"y\":\"AQ\"}]}",
                "{\"keys\":[{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\"AgAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\"}]}"
            })
    void refusesASetWithoutUsableKeys(String set) {
        var complaint = complaint(withKeys("JWT_JWKS", set));
        assertTrue(complaint.startsWith("JWT_JWKS must be a JSON Web Key Set"), complaint);
    }

    @Test
    void refusesAnRsaKeyUnder2048Bits() {
        var weak = new JsonWebKeySet(Tokens.rs256(1024).jwk()).toJson();
        assertTrue(complaint(withKeys("JWT_JWKS", weak)).contains("RSA of 2048 bits or more"));
    }

    @Test
    void refusesOtherCurvesThanP256AndEd25519() throws JoseException {
        var p384 = EcJwkGenerator.generateJwk(EllipticCurves.P384);
        var ed448 = OkpJwkGenerator.generateJwk(OctetKeyPairJsonWebKey.SUBTYPE_ED448);
        var x25519 = OkpJwkGenerator.generateJwk(OctetKeyPairJsonWebKey.SUBTYPE_X25519);
        for (var key : List.of(p384, ed448, x25519)) {
            var complaint = complaint(withKeys("JWT_JWKS", new JsonWebKeySet(key).toJson()));
            assertTrue(complaint.contains("EC P-256, or OKP Ed25519"), complaint);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"user_metadata", "user_metadata.tenant_id"})
    void refusesToReadTheTenantFromWhatItsUserWrites(String name) {
        var complaint = complaint(with("JWT_TENANT_CLAIM", name));
        assertTrue(complaint.startsWith("JWT_TENANT_CLAIM must be the name of a claim"), complaint);
    }

    @Test
    void neverSaysASecret() {
        assertFalse(complaint(with("JWT_SECRET", "hush")).contains("hush"));
        assertFalse(complaint(withKeys("JWT_JWKS", "hush")).contains("hush"));
        assertFalse(complaint(withKeys("JWT_JWKS_URL", "http://ada:hush@example.com"))
                .contains("hush"));
        assertFalse(Configured.read(COMPLETE, AuthConfig::from).toString().contains(SECRET));
    }
}
