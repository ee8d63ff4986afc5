package history.db;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;

/** The role that the functions log in with: it must own nothing and be unable to step around row level security. */
final class LoginRole {
    private static final String DANGERS = """
            select concat_ws(', ',
              case when r.rolsuper then 'is a superuser' end,
              case when r.rolbypassrls then 'has BYPASSRLS' end,
              case when r.rolcreaterole then 'may create roles' end,
              case when exists (
                select from pg_catalog.pg_roles other
                where other.oid <> r.oid and (other.rolsuper or other.rolbypassrls or other.rolcreaterole)
                  and pg_catalog.pg_has_role(r.oid, other.oid, 'member')) then 'can become a role that is or has such' end,
              case when exists (
                select from pg_catalog.pg_roles other where other.rolname = 'service_role'
                  and pg_catalog.pg_has_role(r.oid, other.oid, 'member')) then 'can become service_role' end,
              case when exists (
                select from pg_catalog.pg_class c
                where c.relkind in ('r', 'p', 'v') and pg_catalog.pg_has_role(r.oid, c.relowner, 'member'))
                then 'owns tables' end)
            from pg_catalog.pg_roles r where r.rolname = session_user
            """;

    private LoginRole() {}

    /** @throws DatabaseUnavailable says what is wrong with the role */
    static void refuseUnlessHarmless(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                var rows = statement.executeQuery(DANGERS)) {
            String dangers = rows.next() ? rows.getString(1) : "is unknown";
            if (!dangers.isEmpty()) {
                throw new DatabaseUnavailable("DATABASE_URL: the login role " + dangers
                        + "; use the role history_functions that the migration makes");
            }
        }
    }
}
