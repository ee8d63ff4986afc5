package history.auth;

import static history.failure.Failure.Kind.UNAUTHORIZED;

import history.failure.Failure;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Where in a token the tenant is looked for: the first of these places that holds anything decides.
 *
 * @param places names of claims; two names mean a member of a claim that is an object
 */
record TenantClaim(List<List<String>> places) {
    static final TenantClaim DEFAULT =
            new TenantClaim(List.of(List.of("tenant_id"), List.of("app_metadata", "tenant_id")));

    private static final String APP_METADATA = "app_metadata.";
    private static final Pattern TENANT = Pattern.compile("[!-~]{1,255}");

    /**
     * A claim by its whole name, which may have dots and slashes in it, or {@code app_metadata.<name>}.
     *
     * @throws IllegalArgumentException for {@code user_metadata}, which its user may edit
     */
    static TenantClaim named(String name) {
        if (name.equals("user_metadata") || name.startsWith("user_metadata.")) {
            throw new IllegalArgumentException("must be the name of a claim or app_metadata.<name>;"
                    + " user_metadata is written by its user and says nothing about a tenant");
        }
        return new TenantClaim(List.of(
                name.startsWith(APP_METADATA)
                        ? List.of("app_metadata", name.substring(APP_METADATA.length()))
                        : List.of(name)));
    }

    /** The tenant that the claims choose, or null; anything but a single string of visible ASCII is refused, not ignored. */
    @Nullable
    String in(Map<String, Object> claims) {
        return places.stream()
                .flatMap(place -> Stream.ofNullable(value(claims, place)))
                .findFirst()
                .map(TenantClaim::tenant)
                .orElse(null);
    }

    private static @Nullable Object value(Map<String, Object> claims, List<String> place) {
        @Nullable Object value = claims;
        for (var name : place) {
            value = value instanceof Map<?, ?> object ? object.get(name) : null;
        }
        return value;
    }

    /** It goes to the database as a setting, where U+0000 would be an error of its own. */
    private static String tenant(Object value) {
        if (value instanceof String tenant && TENANT.matcher(tenant).matches()) {
            return tenant;
        }
        throw new Failure(UNAUTHORIZED, "The token's tenant must be a single string of visible ASCII");
    }
}
