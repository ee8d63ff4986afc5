package history.isolation;

import java.util.Map;
import java.util.UUID;

/** Who and what is in the database: two tenants, people of each, a conversation and a message of Ada and of Bob. */
final class Rows {
    static final UUID A = id("a0");
    static final UUID B = id("b0");
    static final UUID ADA = id("a1");
    static final UUID BOB = id("b1");
    static final UUID CLEO = id("c1");
    static final UUID DAN = id("d1");
    static final UUID EVE = id("a2");
    static final UUID VIC = id("a3");
    static final UUID ADAS_CONVERSATION = id("aa");
    static final UUID BOBS_CONVERSATION = id("bb");
    static final UUID ADAS_MESSAGE = id("a9");
    static final UUID BOBS_MESSAGE = id("b9");

    /** What must not come out for anybody who is not Bob: his words, and ids that nobody named. */
    static final String BOBS_WORDS = "secret of Bob";

    private static final Map<String, UUID> NAMES = Map.ofEntries(
            Map.entry("A", A),
            Map.entry("B", B),
            Map.entry("Ada", ADA),
            Map.entry("Bob", BOB),
            Map.entry("Cleo", CLEO),
            Map.entry("Dan", DAN),
            Map.entry("Eve", EVE),
            Map.entry("Vic", VIC),
            Map.entry("Ada's", ADAS_CONVERSATION),
            Map.entry("Bob's", BOBS_CONVERSATION),
            Map.entry("Ada's message", ADAS_MESSAGE),
            Map.entry("Bob's message", BOBS_MESSAGE));

    private Rows() {}

    private static UUID id(String end) {
        return UUID.fromString("00000000-0000-4000-8000-0000000000" + end);
    }

    /** The SQL with the ids in place of {@code :{Ada}} and of {@code :{self}}. */
    static String named(String sql, UUID self) {
        String named = sql.replace(":{self}", "'" + self + "'::uuid");
        for (var name : NAMES.entrySet()) {
            named = named.replace(":{" + name.getKey() + "}", "'" + name.getValue() + "'::uuid");
        }
        return named;
    }

    /** A value as a reader of the table knows it: by its name, an id by how it begins, else {@code value}. */
    static String known(String value) {
        for (var name : NAMES.entrySet()) {
            if (name.getValue().toString().equals(value)) {
                return name.getKey();
            }
        }
        if (value.matches("[0-9a-f]{8}-[0-9a-f-]{27}")) {
            return value.substring(0, 4) + "…";
        }
        return value.length() <= 5 ? value : "value";
    }
}
