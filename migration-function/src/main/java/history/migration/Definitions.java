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
                end $definitions$;
                """.formatted(sql());
    }

    static String sql() {
        return SqlFile.definitions().stream().map(SqlFile::sql).collect(Collectors.joining("\n")) + "\n" + remember();
    }

    /** The last statement: what has been defined is what the gate compares with. */
    static String remember() {
        return SqlFile.definitions().stream()
                .map(file -> file.name().replaceFirst(".*/", ""))
                .collect(Collectors.joining(",", "select history.remember_definitions('{", "}');\n"));
    }
}
