package history.local;

import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import com.sun.net.httpserver.HttpHandler;
import history.chat.model.ModelConfig;
import history.fixture.Configured;
import history.migration.Action;
import history.migration.Finding;
import history.migration.Migration;
import history.migration.Report;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.net.BindException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A database, the real migration, then every route of {@code template.yaml} with the real handlers, in this process. */
final class LocalRun implements AutoCloseable {
    private final Gateway gateway;
    private final LocalDatabase database;
    private final @Nullable Rehearsal rehearsal;

    private LocalRun(Gateway gateway, LocalDatabase database, @Nullable Rehearsal rehearsal) {
        this.gateway = gateway;
        this.database = database;
        this.rehearsal = rehearsal;
    }

    /** Returns when every route answers. What cannot work says so before anything is started. */
    static LocalRun start(Path templateFile, Map<String, String> environment) throws IOException, SQLException {
        var chosen = new HashMap<>(environment);
        chosen.putIfAbsent("CHAT_PROVIDER", "echo");
        var settings = Configured.read(chosen, variables -> {
            ModelConfig.from(variables);
            return Settings.from(variables);
        });
        var template = Template.read(templateFile);
        var gateway = bind(settings);
        try {
            var database = LocalDatabase.open(settings);
            try {
                if (database.isOurs()) {
                    Migration.quietly();
                }
                var rehearsal = settings.rehearses() ? rehearse(database) : null;
                if (rehearsal == null) {
                    migrate(database);
                }
                var key = SigningKey.in(settings.dataFolder());
                var functions = environment(chosen, database, key);
                if (settings.containers() != null) {
                    SamEnvironment.write(settings, template, database, functions);
                }
                gateway.start(template, handler -> handler(handler, functions), endpoints(database, key, rehearsal));
                return new LocalRun(gateway, database, rehearsal);
            } catch (Throwable e) {
                database.close();
                throw e;
            }
        } catch (Throwable e) {
            gateway.close();
            throw e;
        }
    }

    private static Gateway bind(Settings settings) throws IOException {
        try {
            return Gateway.bind(settings.port());
        } catch (BindException e) {
            throw new IllegalStateException(
                    "Port %1$d is taken: stop what uses it, or choose another: PORT=%2$d ./mvnw -Plocal"
                            .formatted(settings.port(), settings.port() + 1),
                    e);
        }
    }

    private static void migrate(LocalDatabase database) throws SQLException {
        var migration = Migration.of(database.migrationEnvironment());
        if (!database.isOurs()) {
            // What keeps the migration from starting is said before the ledger is made.
            var status = migration.run(Action.STATUS);
            if (List.of("none", "prepared").contains(status.phase())) {
                require(status, database);
            }
        }
        Ledger.open(database);
        require(migration.run(Action.MIGRATE), database);
    }

    private static void require(Report report, LocalDatabase database) {
        if (!report.succeeded() || report.callAgain()) {
            var finding = report.findings().stream()
                    .sorted(Comparator.comparing(Finding::blocks).reversed())
                    .findFirst();
            throw new IllegalStateException("The migration of %s stopped: %s"
                    .formatted(
                            database,
                            finding.map(it -> it.finding() + " " + it.remedy()).orElseGet(report::json)));
        }
    }

    private static Rehearsal rehearse(LocalDatabase database) throws IOException, SQLException {
        var migration = handler("history.migration.MigrationHandler", database.migrationEnvironment());
        return Rehearsal.begin((LocalDatabase.Embedded) database, migration);
    }

    private static Map<String, HttpHandler> endpoints(
            LocalDatabase database, SigningKey key, @Nullable Rehearsal rehearsal) {
        var endpoints = new HashMap<>(rehearsal == null ? Map.of() : rehearsal.endpoints());
        var tokens = new TokenEndpoint(new Members(database::connect, database.isOurs()), key);
        endpoints.put("/local/token", new LocalEndpoint(Map.of("POST", tokens)));
        var page = new PageFiles(rehearsal != null);
        endpoints.put("/", page);
        endpoints.put("/page/", page);
        return endpoints;
    }

    /** What the functions see: the developer's choice of a model, our database and our key. */
    private static Map<String, String> environment(Map<String, String> chosen, LocalDatabase database, SigningKey key) {
        var environment = new HashMap<String, String>();
        chosen.forEach((name, value) -> {
            if (name.startsWith("CHAT_") || name.startsWith("LIMIT_") || name.startsWith("AWS_")) {
                environment.put(name, value);
            }
        });
        environment.put("DATABASE_URL", database.functionsUrl());
        // Unlike one in Lambda, a function here answers several requests at a time.
        environment.put("DATABASE_POOL_SIZE", "5");
        environment.put("JWT_ISSUER", SigningKey.ISSUER);
        environment.put("JWT_AUDIENCE", SigningKey.AUDIENCE);
        environment.put("JWT_JWKS", key.publicKeys());
        return Map.copyOf(environment);
    }

    /** Through the constructor that takes the environment instead of the process's own. */
    static RequestStreamHandler handler(String name, Map<String, String> environment) {
        try {
            var constructor = Class.forName(name).getDeclaredConstructor(Map.class);
            constructor.setAccessible(true);
            return (RequestStreamHandler) constructor.newInstance(environment);
        } catch (InvocationTargetException e) {
            throw e.getCause() instanceof RuntimeException refusal ? refusal : new IllegalStateException(e.getCause());
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("The handler %s of the template cannot be made: %s".formatted(name, e), e);
        }
    }

    String url() {
        return "http://localhost:" + gateway.port();
    }

    LocalDatabase database() {
        return database;
    }

    boolean rehearses() {
        return rehearsal != null;
    }

    @Override
    public void close() {
        gateway.close();
        if (rehearsal != null) {
            rehearsal.close();
        }
        database.close();
    }
}
