package history.local;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;

/** What {@code sam local} takes as {@code --env-vars}: the database and the keys of the local run, as a container sees them. */
final class SamEnvironment {
    /** Containers come from another network, and are no better known than whoever else does. */
    private static final String ASK_FOR_PASSWORDS = """
            do $$ begin
                execute format(
                    'copy (values (''local all all trust''), (''host all all 127.0.0.1/32 trust''), (''host all all ::1/128 trust''),
                        (''host all all samenet scram-sha-256'')) to %L',
                    current_setting('hba_file'));
            end $$;
            select pg_reload_conf();
            alter role postgres password '%s';
            do $$ begin
                if to_regrole('history_functions') is not null then
                    alter role history_functions password '%s';
                end if;
            end $$""";

    private SamEnvironment() {}

    static void write(Settings settings, Template template, LocalDatabase database, Map<String, String> functions)
            throws IOException, SQLException {
        var password = Secrets.keep(
                settings.dataFolder().resolve("functions-password"),
                () -> UUID.randomUUID().toString());
        if (database instanceof LocalDatabase.Embedded) {
            try (var connection = database.connect();
                    var statement = connection.createStatement()) {
                statement.execute(ASK_FOR_PASSWORDS.replace("'%s'", "'" + password + "'"));
            }
        }
        var parameters = new LinkedHashMap<String, String>();
        var migration = new LinkedHashMap<String, String>();
        for (var function : template.functions()) {
            var isMigration = function.handler().equals("history.migration.MigrationHandler");
            var variables = function.properties().path("Environment").path("Variables");
            variables
                    .fieldNames()
                    .forEachRemaining(name -> (isMigration ? migration : parameters)
                            .put(name, isMigration ? "" : functions.getOrDefault(name, "")));
        }
        parameters.put("DATABASE_URL", reachable(database.functionsUrl(), password));
        migration.putAll(database.migrationEnvironment());
        migration.put("DATABASE_URL", reachable(String.valueOf(migration.get("DATABASE_URL")), password));
        migration.put("FUNCTIONS_PASSWORD", password);
        var json = new ObjectMapper()
                .writerWithDefaultPrettyPrinter()
                .writeValueAsString(Map.of("Parameters", parameters, "Migration", migration));
        var file = settings.dataFolder().resolve("sam.json");
        Files.deleteIfExists(file);
        Secrets.keep(file, () -> json);
    }

    /** The same database from a container of this machine, which does not have its loopback. */
    static String reachable(String url, String password) {
        return url.replaceFirst("//([^:@/]+)@", "//$1:" + password + "@")
                .replaceFirst("@(localhost|127\\.0\\.0\\.1)(?=[:/])", "@host.docker.internal")
                .replaceFirst("(host\\.docker\\.internal[^?]*)$", "$1?sslmode=disable");
    }
}
