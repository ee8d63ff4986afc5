package history.access;

import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * The password of a database when it is in no URL, asked for with each connection: a secret may have been rotated, and the token
 * of a role lives for a quarter of an hour.
 */
public final class Login {
    /** SQLSTATE of a wrong password, and of a role that is not let in. */
    private static final Set<String> REFUSED = Set.of("28P01", "28000");

    private final String secret;
    private final UnaryOperator<String> variable;
    private final Role role;
    private final Secrets secrets;

    /**
     * @param secret a Secrets Manager id; empty for tokens of the role
     * @param variable reads an environment variable; empty when it is not set
     */
    public Login(String secret, UnaryOperator<String> variable) {
        this.secret = secret;
        this.variable = variable;
        this.role = new Role(variable);
        this.secrets = new Secrets(variable);
    }

    /** Whether the environment has a role to ask with. */
    public boolean hasRole() {
        return role.isThere();
    }

    /**
     * User and password as pgjdbc names them.
     *
     * @param hosts of the URL, with their ports
     * @param failed how many attempts to connect have failed before: a rotation changes the password in the database first, and
     *     only then makes the pending one the current one, so every other attempt takes that
     */
    public Map<String, String> properties(String hosts, String user, int failed, Duration limit) throws IOException {
        if (!secret.isEmpty()) {
            try {
                return secrets.login(secret, failed % 2 == 1 ? "AWSPENDING" : "AWSCURRENT", limit);
            } catch (IOException nonePending) {
                return secrets.login(secret, "AWSCURRENT", limit);
            }
        }
        var host = hosts.split(",", 2)[0].split(":(?=\\d+$)", 2);
        var port = host.length == 2 ? Integer.parseInt(host[1]) : 5432;
        return Map.of("password", role.databaseToken(variable.apply("AWS_REGION"), host[0], port, user, limit));
    }

    /** Whether another password may be right. */
    public static boolean isRefused(SQLException failure) {
        return REFUSED.contains(String.valueOf(failure.getSQLState()));
    }
}
