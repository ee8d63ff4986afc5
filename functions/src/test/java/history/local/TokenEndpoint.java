package history.local;

import com.fasterxml.jackson.databind.JsonNode;
import history.local.LocalEndpoint.Reply;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** {@code POST /local/token}: who you like, in the tenant you like. What is missing of user, tenant and membership is made. */
record TokenEndpoint(Members members, SigningKey key) implements LocalEndpoint.Answering {
    private static final Set<String> FIELDS = Set.of("email", "tenant", "role");
    private static final Set<String> ROLES = Set.of("admin", "user", "viewer");

    @Override
    public Reply answer(JsonNode body) throws SQLException {
        body.fieldNames().forEachRemaining(name -> {
            if (!FIELDS.contains(name)) {
                throw new IllegalArgumentException(
                        "Unknown field %s: email, tenant and role are known.".formatted(name));
            }
        });
        var email = text(body, "email", "ada@example.com", "[^@\\s\\p{Cc}\\p{Cs}]+@[^@\\s\\p{Cc}\\p{Cs}]+", 255);
        var tenant = text(body, "tenant", "demo", "[A-Za-z0-9][A-Za-z0-9-]*", 100);
        var role = text(body, "role", "user", String.join("|", ROLES), 10);
        try {
            return Reply.ok(token(members.member(email, tenant, role), email));
        } catch (Members.Taken e) {
            return Reply.problem(409, e.getMessage());
        }
    }

    private Map<String, Object> token(Members.Member member, String email) {
        var token = new LinkedHashMap<String, Object>();
        token.put("access_token", key.token(member.userId(), email, member.tenantId()));
        token.put("token_type", "bearer");
        token.put("expires_in", SigningKey.SECONDS);
        token.put("user_id", member.userId().toString());
        token.put("tenant_id", member.tenantId().toString());
        return token;
    }

    private static String text(JsonNode body, String name, String otherwise, String pattern, int limit) {
        var value = body.path(name);
        if (value.isMissingNode()) {
            return otherwise;
        }
        if (!value.isTextual()
                || value.asText().length() > limit
                || !value.asText().matches(pattern)) {
            throw new IllegalArgumentException("%s must be like \"%s\" (%s).".formatted(name, otherwise, pattern));
        }
        return value.asText();
    }
}
