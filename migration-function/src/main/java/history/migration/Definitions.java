package history.migration;

import java.util.stream.Collectors;

/** All definitions. They run every time, which undoes what somebody altered. */
final class Definitions {
    /** All of them as one statement: all or nothing, even in a client that ignores errors. */
    static final String STATEMENT = """
                do $definitions$
                begin
                    perform pg_catalog.set_config('client_min_messages', 'warning', true);
                    -- Names in a body that is read now must not mean what somebody has put into public.
                    perform pg_catalog.set_config('search_path', 'pg_catalog, pg_temp', true);
                    execute $file$
                %s$file$;
                    update history.state set version = '%s';
                end $definitions$;
                """.formatted(
            SqlFile.DEFINITIONS.stream().map(Definitions::text).collect(Collectors.joining("\n")) + "\n" + remember(),
            SqlFile.text("version.txt"));

    private Definitions() {}

    /** A file as it is. A function of an edition is stored as text instead, since only one edition is in use at a time. */
    static String text(SqlFile file) {
        if (!file.name().startsWith("arrays/") && !file.name().startsWith("rows/")) {
            return file.sql();
        }
        var path = file.name().split("/", 2);
        return """
                insert into history.edition (edition, place, name, definition) values ('%s', %d, '%s', $definition$%s$definition$);
                """.formatted(path[0], SqlFile.DEFINITIONS.indexOf(file), path[1], file.sql());
    }

    /** The last statement: records what has been defined, for the gate to compare with. */
    static String remember() {
        return SqlFile.DEFINITIONS.stream()
                .map(file -> file.name().replaceFirst(".*/", ""))
                .collect(Collectors.joining(",", "select history.remember_definitions('{", "}', true);\n"));
    }
}
