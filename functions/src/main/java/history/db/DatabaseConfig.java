package history.db;

import static history.failure.Failure.Kind.DATABASE_AWAY;

import history.access.DatabaseAddress;
import history.access.Login;
import history.access.Role;
import history.access.Secrets;
import history.config.Variables;
import history.failure.Failure;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.Properties;

/**
 * Where the database is and who logs in.
 *
 * @param poolSize connections at the most; a function serves one call at a time and needs one
 */
record DatabaseConfig(DatabaseAddress address, int poolSize) {
    /** How long connecting may take. */
    static final Duration CONNECTING = Duration.ofSeconds(4);

    static DatabaseConfig from(Variables variables) {
        var login = login(variables);
        int poolSize = variables.number("DATABASE_POOL_SIZE", 1, 1, 99);
        variables.required("DATABASE_URL", DatabaseAddress.FORM);
        var address = variables
                .value("DATABASE_URL", url -> address(url, login))
                .orElseGet(() -> new DatabaseAddress("", "", new Properties(), login));
        return new DatabaseConfig(address, poolSize);
    }

    private static Optional<Login> login(Variables variables) {
        var secret = variables.orEmpty("DATABASE_SECRET").strip();
        var isByRole = variables
                .value("DATABASE_AUTH", text -> {
                    if (!text.strip().equals("iam")) {
                        throw new IllegalArgumentException("must be iam, or unset for a password");
                    }
                    return true;
                })
                .orElse(false);
        if (secret.isEmpty() && !isByRole) {
            return Optional.empty();
        }
        if (!secret.isEmpty() && isByRole) {
            variables.problem("DATABASE_SECRET", "must not be set beside DATABASE_AUTH=iam, which needs no password");
        }
        var login = new Login(secret, variables::orEmpty);
        var user = isByRole ? "DATABASE_AUTH=iam" : "DATABASE_SECRET";
        if (!login.hasRole()) {
            variables.problem(user, "needs " + Role.VARIABLES);
        }
        if (!Secrets.isArn(secret)) {
            variables.region(user);
        }
        return Optional.of(login);
    }

    private static DatabaseAddress address(String url, Optional<Login> login) {
        var address = DatabaseAddress.of(url, defaults(), login);
        if (address.properties().getProperty("user", "").isEmpty()) {
            throw new IllegalArgumentException("must name a user: " + DatabaseAddress.FORM);
        }
        return address;
    }

    /**
     * The properties with the current password, if it can be read in time.
     *
     * @param failed how many attempts to connect have failed before
     */
    Properties login(int failed, Duration limit) {
        try {
            return address.login(failed, limit);
        } catch (IOException e) {
            throw new Failure(
                    DATABASE_AWAY, "the password for " + address.hosts() + " could not be read: " + e.getMessage(), e);
        }
    }

    /**
     * Server-side prepared statements stay off: behind a transaction pooler the next statement may reach another
     * server. The timeouts of a statement and of a silent server are set for each call.
     */
    private static Properties defaults() {
        var properties = new Properties();
        properties.setProperty("loginTimeout", Long.toString(CONNECTING.toSeconds()));
        properties.setProperty("prepareThreshold", "0");
        properties.setProperty("tcpKeepAlive", "true");
        properties.setProperty("ApplicationName", "conversation-history");
        properties.setProperty("assumeMinServerVersion", "15");
        // The server infers the type of a text argument, so a call needs no casts.
        properties.setProperty("stringtype", "unspecified");
        // Error details quote rows, and errors are logged.
        properties.setProperty("logServerErrorDetail", "false");
        return properties;
    }
}
