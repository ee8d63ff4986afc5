package history.isolation;

import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Who tries: the role, the claims and the chosen tenant that PostgREST or the functions would set for them. */
enum Persona {
    ADA("Ada", "member of A", "authenticated", sub(Rows.ADA), null, Rows.ADA),
    BOB("Bob", "member of B", "authenticated", sub(Rows.BOB), null, Rows.BOB),
    CLEO("Cleo", "member of both, chooses none", "authenticated", sub(Rows.CLEO), "", Rows.CLEO),
    CLEO_IN_A("Cleo>A", "member of both, chooses A", "authenticated", sub(Rows.CLEO), Rows.A.toString(), Rows.CLEO),
    DAN("Dan", "member of none", "authenticated", sub(Rows.DAN), null, Rows.DAN),
    EVE("Eve", "admin of A", "authenticated", sub(Rows.EVE), null, Rows.EVE),
    VIC("Vic", "viewer of A", "authenticated", sub(Rows.VIC), null, Rows.VIC),
    ADA_IN_B("Ada>B", "member of A, chooses B", "authenticated", sub(Rows.ADA), Rows.B.toString(), Rows.ADA),
    ADA_CLAIMS_B("Ada=B", "member of A, B in her claims", "authenticated", claimsB(), "", Rows.ADA),
    CARETAKER(
            "Ada*",
            "member of A, sets the path of the migration's own work",
            "authenticated",
            sub(Rows.ADA),
            null,
            Rows.ADA),
    SERVICE("service", "service_role", "service_role", "{\"role\":\"service_role\"}", null, Rows.DAN),
    ANON("anon", "role anon, Ada's claims", "anon", sub(Rows.ADA), null, Rows.ADA),
    NO_ROLE("norole", "the login role, Ada's claims", null, sub(Rows.ADA), null, Rows.ADA),
    NO_CLAIMS("unset", "no claims", "authenticated", null, null, Rows.DAN),
    EMPTY_CLAIMS("empty", "claims are an empty text", "authenticated", "", "", Rows.DAN),
    BROKEN_CLAIMS("broken", "claims are no JSON", "authenticated", "{\"sub\":", null, Rows.DAN),
    NO_UUID("nouuid", "sub is no UUID", "authenticated", "{\"sub\":\"Ada\"}", "x' or true", Rows.DAN);

    final String title;
    final String meaning;
    final @Nullable String role;
    final @Nullable String claims;
    final @Nullable String chosen;
    final UUID self;

    Persona(
            String title,
            String meaning,
            @Nullable String role,
            @Nullable String claims,
            @Nullable String chosen,
            UUID self) {
        this.title = title;
        this.meaning = meaning;
        this.role = role;
        this.claims = claims;
        this.chosen = chosen;
        this.self = self;
    }

    private static String sub(UUID user) {
        return "{\"sub\":\"" + user + "\",\"role\":\"authenticated\"}";
    }

    private static String claimsB() {
        return "{\"sub\":\"%s\",\"role\":\"authenticated\",\"tenant_id\":\"%s\"}".formatted(Rows.ADA, Rows.B);
    }

    /** What sets all this for one transaction, in one statement. */
    String settings() {
        return Stream.of(
                        setting("request.jwt.claims", claims),
                        setting("app.tenant_id", chosen),
                        setting("search_path", this == CARETAKER ? "history_maintenance, pg_temp" : null),
                        setting("role", role))
                .filter(setting -> !setting.isEmpty())
                .collect(Collectors.joining(", ", "select ", ";"));
    }

    private static String setting(String name, @Nullable String value) {
        return value == null ? "" : "set_config('%s', '%s', true)".formatted(name, value.replace("'", "''"));
    }

    /** Whether a row that is Bob's may be seen or changed. */
    boolean mayReachBobs() {
        return this == BOB || this == SERVICE;
    }

    boolean mayChangeAdas() {
        return this == ADA || this == CARETAKER || this == SERVICE;
    }

    /** An admin reads what is the tenant's. */
    boolean maySeeAdas() {
        return mayChangeAdas() || this == EVE;
    }
}
