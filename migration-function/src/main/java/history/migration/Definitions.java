package history.migration;

import java.util.stream.Collectors;

/** All definitions. They run every time, so that what somebody altered is as it was. */
final class Definitions {
    private Definitions() {}

    /** All of them or none: one statement, whatever sends it and whether or not it stops at errors. */
    static String statement() {
        return """
                do $definitions$
                begin
                    perform pg_catalog.set_config('client_min_messages', 'warning', true);
                    -- Names in a body that is read now must not mean what somebody has put into public.
                    perform pg_catalog.set_config('search_path', 'pg_catalog, pg_temp', true);
                    execute $file$
                %s$file$;
                    update history.state set version = '%s';
                end $definitions$;
                """.formatted(sql(), SqlFile.text("version.txt"));
    }

    static String sql() {
        return SqlFile.definitions().stream().map(Definitions::text).collect(Collectors.joining("\n")) + "\n"
                + remember();
    }

    /** A file as it is; a statement of the API, of which only one edition is in use at a time, is put aside for that. */
    static String text(SqlFile file) {
        if (!file.name().startsWith("arrays/") && !file.name().startsWith("rows/")) {
            return file.sql();
        }
        var path = file.name().split("/", 2);
        return """
                insert into history.edition (edition, place, name, definition) values ('%s', %d, '%s', $definition$%s$definition$)
                on conflict (edition, name) do update set place = excluded.place, definition = excluded.definition;
                """.formatted(path[0], SqlFile.definitions().indexOf(file), path[1], file.sql());
    }

    /** The last statement: what has been defined is what the gate compares with. */
    static String remember() {
        return SqlFile.definitions().stream()
                .map(file -> file.name().replaceFirst(".*/", ""))
                .collect(Collectors.joining(",", "select history.remember_definitions('{", "}');\n"));
    }
}
